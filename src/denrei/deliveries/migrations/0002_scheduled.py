from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_organizations"),
        ("broadcasts", "0002_drafts"),
        ("deliveries", "0001_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Scheduled",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.TextField()),
                ("order", models.JSONField()),
                ("launch_at", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "予約"),
                            ("launched", "送信済"),
                            ("cancelled", "取消"),
                            ("missed", "期限切れ"),
                            ("failed", "送信不可"),
                        ],
                        default="waiting",
                    ),
                ),
                ("words", models.TextField(db_default="", default="")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("noted_at", models.DateTimeField(null=True)),
                (
                    "broadcast",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="broadcasts.broadcast",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reservations",
                        to="broadcasts.draft",
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
                "db_table": "scheduled",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["launch_at"],
                        name="scheduled_due",
                    ),
                    models.Index(
                        fields=["organization", "-launch_at", "-id"], name="scheduled_newest"
                    ),
                    models.Index(fields=["draft"], name="scheduled_draft"),
                    models.Index(fields=["by"], name="scheduled_by"),
                    models.Index(fields=["broadcast"], name="scheduled_broadcast"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("organization", "key"),
                        name="scheduled_once",
                    )
                ],
            },
        ),
        # the clock of the workers asks what is due before it acts for anybody
        tenancy.SecureTenant("scheduled", worker_sees_all=True),
    ]
