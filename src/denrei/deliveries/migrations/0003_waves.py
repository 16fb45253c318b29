from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from denrei.accounts import tenancy

#: What a wave after the first needs to know of itself (OPS-1).
COLUMNS = """
ALTER TABLE run
  ADD COLUMN kind text NOT NULL DEFAULT 'launch',        -- denrei.deliveries.models.WaveKind
  ADD COLUMN most_grade smallint NOT NULL DEFAULT 4,     -- people with better evidence are left out
  ADD COLUMN chosen bigint[],                            -- these recipients; NULL: all of the audience
  ADD COLUMN content jsonb,                              -- its own text; NULL: the broadcast's
  ADD COLUMN started_by bigint                           -- the operator; NULL: a reminder, or the launch (see broadcast)
"""
NO_COLUMNS = """
ALTER TABLE run DROP COLUMN kind, DROP COLUMN most_grade, DROP COLUMN chosen, DROP COLUMN content, DROP COLUMN started_by
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_only_organization"),
        ("broadcasts", "0005_unit_of_earlier_launches"),
        ("deliveries", "0002_scheduled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(COLUMNS, NO_COLUMNS),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "予定"),
                            ("sent", "送信済"),
                            ("cancelled", "取消"),
                            ("needless", "不要"),
                            ("merged", "まとめて送信"),
                            ("failed", "送信不可"),
                        ],
                        default="waiting",
                    ),
                ),
                ("wave", models.SmallIntegerField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "broadcast",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="broadcasts.broadcast",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "db_table": "reminder",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="reminder_due",
                    ),
                    models.Index(fields=["by"], name="reminder_by"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("broadcast", "due_at"), name="reminder_once")
                ],
            },
        ),
        # the clock of the workers asks what is due before it acts for anybody
        tenancy.SecureTenant("reminder", worker_sees_all=True),
    ]
