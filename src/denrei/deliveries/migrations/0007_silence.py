from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from denrei.accounts import tenancy

#: Of each wave: whether its broadcast was counted for silence (NEW-2).
COLUMN = """
ALTER TABLE run ADD COLUMN counted_at timestamptz;
CREATE INDEX run_uncounted ON run (organization_id, broadcast_id) WHERE counted_at IS NULL;   -- SILENCE
"""
NO_COLUMN = "ALTER TABLE run DROP COLUMN counted_at"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_only_organization"),
        ("deliveries", "0006_heads_by_mail"),
        ("directory", "0003_intake"),
    ]

    operations = [
        migrations.RunSQL(COLUMN, NO_COLUMN),
        migrations.CreateModel(
            name="Silence",
            fields=[
                (
                    "contact",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="directory.contact",
                    ),
                ),
                ("medium", models.SmallIntegerField()),
                ("address_key", models.TextField()),
                ("handed_over", models.SmallIntegerField(db_default=1, default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("last_broadcast_id", models.BigIntegerField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.recipient",
                    ),
                ),
            ],
            options={
                "db_table": "silence",
                "indexes": [
                    models.Index(
                        condition=models.Q(("handed_over__gte", 3)),
                        fields=["organization", "first_at", "contact"],
                        name="silence_suspected",
                    ),
                    models.Index(fields=["recipient"], name="silence_recipient"),
                ],
            },
        ),
        tenancy.SecureTenant("silence"),
    ]
