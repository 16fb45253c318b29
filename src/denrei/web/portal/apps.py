"""The Django application `portal`."""

from __future__ import annotations

import logging

from django.apps import AppConfig

from denrei.web.portal.discretion import HideTokens


class PortalConfig(AppConfig):
    """Pages of recipients."""

    name = "denrei.web.portal"
    label = "portal"

    def ready(self) -> None:
        """Keep tokens out of Django's log of requests."""
        log = logging.getLogger("django.request")
        if not any(isinstance(one, HideTokens) for one in log.filters):
            log.addFilter(HideTokens())
