"""The Django application `reports`."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Boards and stories."""

    name = "denrei.reports"
    label = "reports"
