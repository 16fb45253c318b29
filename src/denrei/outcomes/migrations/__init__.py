"""Migrations of outcomes."""

from __future__ import annotations
