"""Who: a selection of people, and the audience frozen at launch."""

from __future__ import annotations
