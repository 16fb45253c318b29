from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_organizations"),
        ("broadcasts", "0001_broadcasts"),
        ("responses", "0001_responses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="pageview",
            name="address",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="pageview",
            name="kind",
            field=models.TextField(
                choices=[
                    ("open", "アクセス"),
                    ("head", "HEAD"),
                    ("prefetch", "先読み"),
                    ("early", "直後のアクセス"),
                    ("crowd", "同じ接続元からの多数のアクセス"),
                    ("canary", "見えないリンクへのアクセス"),
                ]
            ),
        ),
        migrations.AddIndex(
            model_name="pageview",
            index=models.Index(
                condition=models.Q(("address", ""), _negated=True),
                fields=["organization", "address", "at"],
                name="page_view_address",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="worsened",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="response",
            name="medium",
            field=models.SmallIntegerField(
                choices=[(1, "メール"), (2, "SMS"), (3, "電話"), (4, "アプリ")], null=True
            ),
        ),
        migrations.CreateModel(
            name="HelpCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recipient_id", models.BigIntegerField()),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("worsened", models.BooleanField(db_default=False, default=False)),
                ("taken_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "broadcast",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_calls",
                        to="broadcasts.broadcast",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_closed",
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
                (
                    "response",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responses.response",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_taken",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "help_call",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None), ("taken_by", None)),
                        fields=["broadcast", "opened_at"],
                        name="help_call_untaken",
                    ),
                    models.Index(
                        condition=models.Q(("taken_by__isnull", False)),
                        fields=["taken_by"],
                        name="help_call_taken",
                    ),
                    models.Index(
                        condition=models.Q(("closed_by__isnull", False)),
                        fields=["closed_by"],
                        name="help_call_closed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("broadcast", "recipient_id"), name="help_call_once"
                    )
                ],
            },
        ),
        tenancy.SecureTenant("help_call"),
    ]
