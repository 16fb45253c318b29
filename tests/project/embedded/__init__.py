"""Tests of the embedded PostgreSQL, with real servers."""

from __future__ import annotations
