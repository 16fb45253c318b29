"""The lists that an organization keeps itself, in the console."""

from __future__ import annotations
