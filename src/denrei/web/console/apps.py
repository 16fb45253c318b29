"""The Django application `console`."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages of operators."""

    name = "denrei.web.console"
    label = "console"

    def ready(self) -> None:
        """Hear who has signed in wholly."""
        from allauth.account.signals import user_logged_in  # noqa: PLC0415  # when apps are ready

        from denrei.web.console.door import remembering  # noqa: PLC0415

        user_logged_in.connect(remembering.on_sign_in)
