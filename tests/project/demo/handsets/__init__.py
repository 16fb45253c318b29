"""Tests of the page 仮想端末."""

from __future__ import annotations
