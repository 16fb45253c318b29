"""再通知: ask again those who did not answer or were not reached, now or at set times (OPS-1)."""

from __future__ import annotations
