"""The first page after signing in: start a broadcast, see what runs and what went wrong (OPS-2)."""

from __future__ import annotations
