"""Whole stories, played by real processes."""

from __future__ import annotations
