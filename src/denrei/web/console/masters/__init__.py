"""区分: the lists that an organization keeps itself, and what it calls them (MSG-1)."""

from __future__ import annotations
