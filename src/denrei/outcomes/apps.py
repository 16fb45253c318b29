"""The Django application `outcomes`."""

from __future__ import annotations

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    """Mails that come back."""

    name = "denrei.outcomes"
    label = "outcomes"
