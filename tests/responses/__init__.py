"""Tests of answers."""

from __future__ import annotations
