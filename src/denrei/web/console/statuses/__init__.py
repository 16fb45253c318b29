"""The help of each status of a delivery, one click away from wherever it is shown (EMC-2)."""

from __future__ import annotations
