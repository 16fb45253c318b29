"""Figures beside a peer or a limit, in one run, as ratios (docs/explanation/performance.md)."""

from __future__ import annotations
