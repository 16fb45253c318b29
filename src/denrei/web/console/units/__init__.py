"""所属: the tree of units, and the sender that each one's recipients see (ALL-5, OPS-6)."""

from __future__ import annotations
