"""The door: signing in and out, and the operator's own account."""

from __future__ import annotations
