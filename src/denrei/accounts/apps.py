"""The Django application `accounts`."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organizations, units, operators, audit trail."""

    name = "denrei.accounts"
    label = "accounts"
    verbose_name = "組織と利用者"
    default_auto_field = "django.db.models.BigAutoField"
