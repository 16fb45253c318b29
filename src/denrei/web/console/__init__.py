"""The console: pages of operators. One package for each area, one frame around all."""

from __future__ import annotations
