"""Whole ways through real servers of others."""

from __future__ import annotations
