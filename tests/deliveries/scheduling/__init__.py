"""Tests of 予約."""

from __future__ import annotations
