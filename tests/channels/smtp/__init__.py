"""Tests of the channel `smtp`, against servers that follow a script and against real ones."""

from __future__ import annotations
