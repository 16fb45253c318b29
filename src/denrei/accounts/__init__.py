"""Organizations, units, operators and the audit trail; row-level security starts here."""

from __future__ import annotations
