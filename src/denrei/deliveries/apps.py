"""The Django app of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    """Lanes, gateways and the ledger."""

    name = "denrei.deliveries"
    label = "deliveries"
