"""The sending side: claim, gate, send, record, renew (docs/explanation/ledger.md)."""

from __future__ import annotations
