"""The door: signing in and out, locks, and the way back to a form that came too late."""

from __future__ import annotations
