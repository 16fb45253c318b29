"""The Django app of who is meant."""

from __future__ import annotations

from django.apps import AppConfig


class AudienceConfig(AppConfig):
    """Selections and frozen audiences."""

    name = "denrei.audience"
    label = "audience"
