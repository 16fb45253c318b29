"""Finds what corrects or withdraws a broadcast (NEW-13)."""

from __future__ import annotations

from django.db import migrations, models

from denrei.accounts.rolling import IndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("broadcasts", "0005_unit_of_earlier_launches")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                IndexConcurrently(
                    "broadcast_corrected", "broadcast (corrects_id) WHERE corrects_id IS NOT NULL"
                )
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="broadcast",
                    index=models.Index(
                        condition=models.Q(("corrects__isnull", False)),
                        fields=["corrects"],
                        name="broadcast_corrected",
                    ),
                )
            ],
        )
    ]
