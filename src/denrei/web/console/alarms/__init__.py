"""The red banner: what is wrong at this moment, on every page (OPS-5)."""

from __future__ import annotations
