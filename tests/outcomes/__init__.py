"""Tests of `denrei.outcomes`."""

from __future__ import annotations
