from __future__ import annotations

from pathlib import Path

from django.db import migrations, models

from denrei.accounts import tenancy

SCHEMA = Path(__file__).parent.parent / "watch" / "schema.sql"


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0003_waves")]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("organization_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("broadcast_id", models.BigIntegerField(null=True)),
                ("gateway_id", models.BigIntegerField(null=True)),
                ("operator_id", models.BigIntegerField(null=True)),
                ("since", models.DateTimeField()),
                ("words", models.JSONField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("end_told_at", models.DateTimeField(null=True)),
                ("tries", models.SmallIntegerField()),
                ("refusal", models.TextField()),
            ],
            options={
                "db_table": "alarm",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Breakdown",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "broadcast_id",
                        "kind",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organization_id", models.BigIntegerField()),
                ("broadcast_id", models.BigIntegerField()),
                ("kind", models.SmallIntegerField(choices=[(1, "UNIT"), (2, "GROUP")])),
                ("key", models.BigIntegerField()),
                ("people", models.BigIntegerField()),
                ("answered", models.BigIntegerField()),
                ("reached", models.BigIntegerField()),
                ("unreached", models.BigIntegerField()),
                ("no_contact", models.BigIntegerField()),
                ("looked", models.BigIntegerField()),
                ("needs_help", models.BigIntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "db_table": "breakdown",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Pulse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "broadcast_id",
                        "at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organization_id", models.BigIntegerField()),
                ("broadcast_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("answered", models.BigIntegerField()),
                ("read", models.BigIntegerField()),
                ("device", models.BigIntegerField()),
                ("handed_over", models.BigIntegerField()),
                ("unreached", models.BigIntegerField()),
                ("no_contact", models.BigIntegerField()),
                ("looked", models.BigIntegerField()),
                ("needs_help", models.BigIntegerField()),
                ("waiting", models.BigIntegerField()),
                ("in_work", models.BigIntegerField()),
                ("next_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "pulse",
                "managed": False,
            },
        ),
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            "DROP INDEX run_started, run_broken; DROP TABLE pulse, breakdown, motion, alarm;",
        ),
        tenancy.SecureTenant("pulse"),
        tenancy.SecureTenant("breakdown"),
        tenancy.SecureTenant("motion"),
        tenancy.SecureTenant("alarm"),
    ]
