"""The schema of the package, step by step."""

from __future__ import annotations
