"""Tests of the doors."""

from __future__ import annotations
