"""Migrations of deliveries."""

from __future__ import annotations
