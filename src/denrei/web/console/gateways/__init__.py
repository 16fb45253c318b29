"""Gateways: the ways by which messages go out, and whether they can be used (MSG-6, OPS-5)."""

from __future__ import annotations
