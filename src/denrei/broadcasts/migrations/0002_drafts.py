from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sessions"),
        ("broadcasts", "0001_broadcasts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[("draft", "下書き"), ("template", "定型連絡")], default="draft"
                    ),
                ),
                ("name", models.TextField(db_default="", default="")),
                ("form", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(db_default=1, default=1)),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "broadcast",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="drafts",
                        to="broadcasts.broadcast",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="drafts",
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
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "db_table": "draft",
            },
        ),
        migrations.CreateModel(
            name="DraftReader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "seen_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readers",
                        to="broadcasts.draft",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_drafts",
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
                "db_table": "draft_reader",
            },
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["organization", "kind", "-changed_at"], name="draft_newest"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["unit"], name="draft_unit"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["changed_by"], name="draft_changed_by"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["broadcast"], name="draft_broadcast"),
        ),
        migrations.AddIndex(
            model_name="draftreader",
            index=models.Index(fields=["operator"], name="draft_reader_operator"),
        ),
        migrations.AddConstraint(
            model_name="draftreader",
            constraint=models.UniqueConstraint(
                fields=("draft", "operator"), name="draft_reader_once"
            ),
        ),
        tenancy.SecureTenant("draft"),
        tenancy.SecureTenant("draft_reader"),
    ]
