"""The Django application `portal`."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages of recipients."""

    name = "denrei.web.portal"
    label = "portal"
