"""送信状況: the list of broadcasts, and how one of them stands (ALL-4, NEW-1)."""

from __future__ import annotations
