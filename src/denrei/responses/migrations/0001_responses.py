from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_organizations"),
        ("broadcasts", "0001_broadcasts"),
    ]

    operations = [
        migrations.CreateModel(
            name="PageView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("delivery_id", models.BigIntegerField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("open", "アクセス"),
                            ("head", "HEAD"),
                            ("prefetch", "先読み"),
                            ("early", "直後のアクセス"),
                        ]
                    ),
                ),
                ("user_agent", models.TextField(db_default="", default="")),
                (
                    "broadcast",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="page_views",
                        to="broadcasts.broadcast",
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
                "db_table": "page_view",
                "indexes": [
                    models.Index(
                        fields=["broadcast", "delivery_id", "id"], name="page_view_delivery"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recipient_id", models.BigIntegerField()),
                ("delivery_id", models.BigIntegerField(null=True)),
                (
                    "medium",
                    models.SmallIntegerField(
                        choices=[(1, "メール"), (2, "SMS"), (3, "電話"), (4, "アプリ")]
                    ),
                ),
                ("choice", models.TextField(db_default="", default="")),
                ("choice_words", models.TextField(db_default="", default="")),
                ("needs_help", models.BooleanField(db_default=False, default=False)),
                ("comment", models.TextField(db_default="", default="")),
                (
                    "source",
                    models.TextField(
                        choices=[
                            ("self", "本人"),
                            ("family", "家族"),
                            ("proxy", "代理"),
                            ("visit", "訪問"),
                            ("phone", "電話口"),
                        ],
                        db_default="self",
                        default="self",
                    ),
                ),
                ("late", models.BooleanField(db_default=False, default=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="accounts.operator",
                    ),
                ),
                (
                    "broadcast",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="broadcasts.broadcast",
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
                "db_table": "response",
                "indexes": [
                    models.Index(
                        fields=["broadcast", "recipient_id", "-id"], name="response_latest"
                    ),
                    models.Index(
                        condition=models.Q(("actor__isnull", False)),
                        fields=["actor"],
                        name="response_actor",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("comment"), 400
                        ),
                        name="response_comment",
                    )
                ],
            },
        ),
        tenancy.SecureTenant("page_view", append_only=True),
        tenancy.SecureTenant("response", append_only=True),
    ]
