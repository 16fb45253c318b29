"""The Django app of who is meant."""

from __future__ import annotations

from django.apps import AppConfig


class AudienceConfig(AppConfig):
    """Selections and frozen audiences."""

    name = "denrei.audience"
    label = "audience"

    def ready(self) -> None:
        """Tell the address book below who was meant by broadcasts."""
        from denrei.audience import named  # noqa: PLC0415  # models are there only now
        from denrei.directory.intake import undoing  # noqa: PLC0415

        undoing.named_by(named.among)
