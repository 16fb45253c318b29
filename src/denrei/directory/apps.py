"""The Django application `directory`."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Recipients, contacts, households, groups, positions."""

    name = "denrei.directory"
    label = "directory"
    verbose_name = "名簿"
    default_auto_field = "django.db.models.BigAutoField"
