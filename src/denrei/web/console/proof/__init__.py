"""証明ファイル: a broadcast, or one person of it, to take out, keep and verify anywhere (NEW-1)."""

from __future__ import annotations
