"""The Django application `project`."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The composition root."""

    name = "denrei.project"
    label = "project"
