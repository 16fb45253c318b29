"""Proof by fire: faults on a running system, judged by what the receiving server saw (`make chaos`)."""

from __future__ import annotations
