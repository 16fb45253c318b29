"""Tests of the installation: settings, commands, the demo."""

from __future__ import annotations
