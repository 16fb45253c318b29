"""What developers run; no part of the product."""

from __future__ import annotations
