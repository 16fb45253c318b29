"""The composition root: settings, commands, the embedded database, the demo."""

from __future__ import annotations
