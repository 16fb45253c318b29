"""A state machine over the real statements of the ledger, its workers played by hand, step by step."""

from __future__ import annotations
