"""Undoing an import: whom it wrote, and what was known of them before (MSG-5)."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_first_steps"),
        ("directory", "0004_grams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="peopleimport",
            name="undoer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="peopleimport",
            name="undoer_name",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="peopleimport",
            name="undone",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="peopleimport",
            name="written_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="peopleimport",
            name="state",
            field=models.TextField(
                choices=[
                    ("waiting", "確認待ち"),
                    ("examining", "確認中"),
                    ("examined", "確認済み"),
                    ("unusable", "読み取れません"),
                    ("ordered", "取り込み待ち"),
                    ("applying", "取り込み中"),
                    ("applied", "取り込み済み"),
                    ("cancelled", "取りやめ"),
                    ("undo_ordered", "元に戻す待ち"),
                    ("undoing", "元に戻しています"),
                    ("undone", "元に戻しました"),
                ],
                default="waiting",
            ),
        ),
        migrations.CreateModel(
            name="ImportedPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_new", models.BooleanField()),
                (
                    "changed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("before", models.JSONField(null=True)),
                (
                    "outcome",
                    models.TextField(
                        choices=[
                            ("removed", "名簿から削除"),
                            ("left", "退会"),
                            ("restored", "前の内容に戻した"),
                            ("kept", "そのまま"),
                        ],
                        db_default="",
                        default="",
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
                    "people_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="directory.peopleimport",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imports",
                        to="directory.recipient",
                    ),
                ),
            ],
            options={
                "db_table": "people_import_person",
                "indexes": [models.Index(fields=["recipient"], name="people_import_person_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("people_import", "recipient"), name="people_import_person_once"
                    )
                ],
            },
        ),
        tenancy.SecureTenant("people_import_person"),
    ]
