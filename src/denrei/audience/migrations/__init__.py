"""Migrations of audience."""

from __future__ import annotations
