"""The story of one person in one broadcast, and an answer that an operator heard (ALL-3, NEW-4)."""

from __future__ import annotations
