"""操作の記録: who did what when, in words, with what it was before and after (ALL-3)."""

from __future__ import annotations
