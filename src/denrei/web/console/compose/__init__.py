"""Composing: what is to be said, to whom, by which media; drafts and 定型連絡 (MSG-2..4, OPS-2)."""

from __future__ import annotations
