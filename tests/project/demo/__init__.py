"""Tests of the invented city."""

from __future__ import annotations
