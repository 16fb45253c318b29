"""denrei (伝令): emergency mass notification and safety confirmation, self-hosted."""

from __future__ import annotations
