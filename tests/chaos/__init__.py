"""The rows of `make chaos` in their short form, and the judge."""

from __future__ import annotations
