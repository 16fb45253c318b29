"""Tests mirror src/denrei; tests/acceptance walks whole jobs, tests/peers talks to real servers."""

from __future__ import annotations
