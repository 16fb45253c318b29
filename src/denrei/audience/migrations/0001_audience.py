from __future__ import annotations

from pathlib import Path

from django.db import migrations, models

from denrei.accounts import tenancy

SCHEMA = Path(__file__).parent.parent / "sql" / "schema.sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("broadcasts", "0001_broadcasts"), ("directory", "0001_people")]

    operations = [
        migrations.CreateModel(
            name="AudienceMember",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "broadcast",
                        "recipient_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organization_id", models.BigIntegerField()),
                ("recipient_id", models.BigIntegerField()),
                ("household_id", models.BigIntegerField(null=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                (
                    "grade",
                    models.SmallIntegerField(
                        choices=[
                            (-1, "NO_CONTACT"),
                            (0, "UNREACHED"),
                            (1, "HANDED_OVER"),
                            (2, "DEVICE"),
                            (3, "READ"),
                            (4, "ANSWERED"),
                        ]
                    ),
                ),
                ("language", models.TextField()),
                ("name", models.TextField()),
            ],
            options={
                "db_table": "audience",
                "managed": False,
            },
        ),
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            "DROP TABLE audience, people_tally;"
            "DROP FUNCTION audience_frozen, audience_moved, denrei_shard;",
        ),
        tenancy.SecureTenant("audience"),
        tenancy.SecureTenant("people_tally"),
    ]
