"""The Django app of what is said."""

from __future__ import annotations

from django.apps import AppConfig


class BroadcastsConfig(AppConfig):
    """Masters of the message and the broadcasts themselves."""

    name = "denrei.broadcasts"
    label = "broadcasts"
