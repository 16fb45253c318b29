"""Migrations of retention."""

from __future__ import annotations
