"""Events that name no delivery are found by their broadcast: few, and to be deleted with it (OPS-8)."""

from __future__ import annotations

from django.db import migrations

from denrei.accounts.rolling import IndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("deliveries", "0016_emptied_hold")]

    operations = [
        IndexConcurrently("event_loose", "event (broadcast_id) WHERE delivery_id IS NULL"),
    ]
