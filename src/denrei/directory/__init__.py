"""Who can be reached: recipients, contacts, households, groups, positions; import and export."""

from __future__ import annotations
