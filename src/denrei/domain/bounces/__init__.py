"""Mails that came back, read: who did not get it, and why (EMC-6, RFC 3464).

Pure: bytes in, findings out. Nothing in a mail is executed, fetched or believed further than its
words go; no bytes raise.
"""

from __future__ import annotations

from denrei.domain.bounces.finding import Finding, Kind
from denrei.domain.bounces.reading import read

__all__ = ["Finding", "Kind", "read"]
