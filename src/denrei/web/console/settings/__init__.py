"""団体の設定: what an organization decides for itself, section by section (OPS-4, OPS-6, SMS-13)."""

from __future__ import annotations
