"""Filters of the console's templates."""

from __future__ import annotations
