"""Tests of `denrei doctor`."""

from __future__ import annotations
