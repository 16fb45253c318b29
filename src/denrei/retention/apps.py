"""The Django application `retention`."""

from __future__ import annotations

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """How long what is kept, and the report of what was deleted."""

    name = "denrei.retention"
    label = "retention"
