"""The Django application `responses`."""

from __future__ import annotations

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """Answers and looks at the answer page."""

    name = "denrei.responses"
    label = "responses"
