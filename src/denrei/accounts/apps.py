"""The Django application `accounts`."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organizations, units, operators, audit trail."""

    name = "denrei.accounts"
    label = "accounts"
    verbose_name = "組織と利用者"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear who signs in and out, and what locks."""
        from axes.signals import user_locked_out  # noqa: PLC0415  # when all models are there
        from django.contrib.auth import signals  # noqa: PLC0415

        from denrei.accounts import signing_in  # noqa: PLC0415

        user_locked_out.connect(signing_in.on_lock)
        signals.user_logged_in.connect(signing_in.on_sign_in)
        signals.user_logged_out.connect(signing_in.on_sign_out)
