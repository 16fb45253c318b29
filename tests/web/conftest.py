"""Fixtures of all doors."""

from __future__ import annotations

from tests.web.serving import address

__all__ = ["address"]
