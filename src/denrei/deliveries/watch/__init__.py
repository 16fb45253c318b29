"""What watches a broadcast in the background: its curve, its breakdown, alarms (ALL-4, OPS-5)."""

from __future__ import annotations
