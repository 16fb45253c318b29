from __future__ import annotations

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from denrei.accounts import tenancy

SCHEMA = Path(__file__).parent.parent / "sql" / "schema.sql"
# A lane or gateway without an organization serves all: everybody may read it, only the worker's
# role writes it. Numbers in use belong to nobody and are the worker's alone.
SHARED_TABLES = """
ALTER TABLE lane ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gateway ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE number_in_use ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON lane USING (organization_id IS NULL OR organization_id = (SELECT current_organization()))
  WITH CHECK (organization_id = (SELECT current_organization()));
CREATE POLICY own ON gateway USING (organization_id IS NULL OR organization_id = (SELECT current_organization()))
  WITH CHECK (organization_id = (SELECT current_organization()));
CREATE POLICY every ON lane TO denrei_worker USING (true) WITH CHECK (true);
CREATE POLICY every ON gateway TO denrei_worker USING (true) WITH CHECK (true);
CREATE POLICY every ON number_in_use TO denrei_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON lane, gateway TO denrei_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON number_in_use TO denrei_worker;
GRANT USAGE ON SEQUENCE lane_id_seq, gateway_id_seq, chunk_block_seq, recut_seq, generation_seq TO denrei_app;
"""
UNSHARED_TABLES = """
DROP POLICY own ON lane; DROP POLICY own ON gateway;
DROP POLICY every ON lane; DROP POLICY every ON gateway;
REVOKE ALL ON SEQUENCE lane_id_seq, gateway_id_seq FROM denrei_app;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("accounts", "0001_organizations"), ("audience", "0001_audience")]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "delivery_id",
                        "generation",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organization_id", models.BigIntegerField()),
                ("broadcast_id", models.BigIntegerField()),
                ("delivery_id", models.BigIntegerField()),
                ("generation", models.BigIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("state", models.SmallIntegerField()),
                ("reason", models.SmallIntegerField()),
                ("phase", models.SmallIntegerField()),
                ("gateway_id", models.IntegerField(null=True)),
                ("took_ms", models.IntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("provider_id", models.TextField()),
                ("reply", models.TextField()),
            ],
            options={
                "db_table": "attempt",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("organization_id", models.BigIntegerField()),
                ("broadcast_id", models.BigIntegerField()),
                ("wave", models.SmallIntegerField()),
                ("recipient_id", models.BigIntegerField()),
                ("contact_id", models.BigIntegerField()),
                ("chunk_id", models.BigIntegerField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField()),
                ("medium", models.SmallIntegerField()),
                ("turn", models.SmallIntegerField()),
                ("state", models.SmallIntegerField()),
                ("fold_rank", models.SmallIntegerField()),
                ("evidence", models.SmallIntegerField()),
                ("reason", models.SmallIntegerField()),
                ("tries", models.SmallIntegerField()),
                ("doubts", models.SmallIntegerField()),
                ("shared", models.BooleanField()),
                ("language", models.TextField()),
                ("address", models.TextField()),
            ],
            options={
                "db_table": "delivery",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "broadcast_id",
                        "wave",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organization_id", models.BigIntegerField()),
                ("broadcast_id", models.BigIntegerField()),
                ("wave", models.SmallIntegerField()),
                ("stage", models.SmallIntegerField()),
                ("priority", models.SmallIntegerField()),
                ("people", models.BigIntegerField()),
                ("planned", models.BigIntegerField()),
                ("steps", models.JSONField()),
                ("give_up_at", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("progress_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("broken_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "run",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "medium",
                    models.SmallIntegerField(
                        choices=[(1, "メール"), (2, "SMS"), (3, "電話"), (4, "アプリ")]
                    ),
                ),
                ("name", models.TextField()),
                ("enabled", models.BooleanField(db_default=True, default=True)),
                ("chunk_size", models.PositiveSmallIntegerField(db_default=500, default=500)),
                ("window", models.PositiveSmallIntegerField(db_default=500, default=500)),
                ("lease_seconds", models.FloatField(db_default=30, default=30)),
                ("sequential", models.BooleanField(db_default=False, default=False)),
                ("rounds", models.PositiveSmallIntegerField(db_default=3, default=3)),
                ("turn_gap_seconds", models.PositiveIntegerField(db_default=60, default=60)),
                ("round_gap_seconds", models.PositiveIntegerField(db_default=300, default=300)),
                ("retry_seconds", models.JSONField(db_default=[], default=list)),
                (
                    "doubt",
                    models.TextField(
                        choices=[("resend", "もう一度送る"), ("leave", "そのままにして表示する")],
                        db_default="resend",
                        default="resend",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lanes",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "db_table": "lane",
            },
        ),
        migrations.CreateModel(
            name="Gateway",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("rank", models.SmallIntegerField(db_default=1, default=1)),
                ("enabled", models.BooleanField(db_default=True, default=True)),
                ("settings", models.JSONField(db_default={}, default=dict)),
                ("rate", models.FloatField(null=True)),
                (
                    "free_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("trouble", models.TextField(db_default="", default="")),
                ("trouble_since", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gateways",
                        to="accounts.organization",
                    ),
                ),
                (
                    "lane",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gateways",
                        to="deliveries.lane",
                    ),
                ),
            ],
            options={
                "db_table": "gateway",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rate__isnull", True), ("rate__gt", 0), _connector="OR"
                        ),
                        name="gateway_rate",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            "DROP TABLE run, chunk, delivery, cover, attempt, event, event_open, fold_due, halt,"
            " tally, suppression, number_in_use, seal, seal_horizon, finding;"
            "DROP SEQUENCE chunk_block_seq, recut_seq, generation_seq;"
            "DROP FUNCTION halted, halt_state, delivery_planned, delivery_moved;",
        ),
        migrations.RunSQL(SHARED_TABLES, UNSHARED_TABLES),
        tenancy.SecureTenant("run", worker_sees_all=True),
        tenancy.SecureTenant("chunk", worker_sees_all=True),
        tenancy.SecureTenant("delivery"),
        tenancy.SecureTenant("cover"),
        tenancy.SecureTenant("attempt", append_only=True),
        tenancy.SecureTenant("event", append_only=True),
        tenancy.SecureTenant("event_open"),
        tenancy.SecureTenant("fold_due", worker_sees_all=True),
        tenancy.SecureTenant("halt"),
        tenancy.SecureTenant("tally"),
        tenancy.SecureTenant("suppression"),
        tenancy.SecureTenant("seal", append_only=True),
        tenancy.SecureTenant("seal_horizon"),
        tenancy.SecureTenant("finding", append_only=True),
    ]
