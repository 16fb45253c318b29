"""Tests of broadcast files."""

from __future__ import annotations
