"""Pages of recipients: they work without script, without cookies, on any phone."""

from __future__ import annotations
