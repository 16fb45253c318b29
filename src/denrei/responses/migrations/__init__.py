"""Migrations of responses."""

from __future__ import annotations
