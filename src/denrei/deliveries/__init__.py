"""THE LEDGER: what is to be sent, what was tried, what came of it (docs/explanation/ledger.md)."""

from __future__ import annotations
