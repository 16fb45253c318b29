"""要対応: contacts that ask an operator to act, and what to do about each (EMC-7)."""

from __future__ import annotations
