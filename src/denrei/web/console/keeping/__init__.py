"""保存期間: what the next night would delete, and what the last ones did (OPS-8)."""

from __future__ import annotations
