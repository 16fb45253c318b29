"""The Django application `console`."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages of operators."""

    name = "denrei.web.console"
    label = "console"
