"""The board of one broadcast: its picture, its people, live; a form for a wall, and 停止 (ALL-4)."""

from __future__ import annotations
