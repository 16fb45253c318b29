"""Reads only: boards, conservation, stories."""

from __future__ import annotations
