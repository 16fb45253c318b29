"""Answers: what people answered, by which way, and what an answer stops."""

from __future__ import annotations
