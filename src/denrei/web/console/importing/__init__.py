"""取り込み: people come from a file, after a look at what becomes of each row (MSG-5)."""

from __future__ import annotations
