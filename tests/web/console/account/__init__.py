"""The own account of operators."""

from __future__ import annotations
