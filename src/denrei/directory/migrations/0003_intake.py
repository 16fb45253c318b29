"""Imports of people that operators ask for by a page: the import, its file, its fates (MSG-5)."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_organizations"),
        ("directory", "0002_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PeopleImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_name", models.TextField(db_default="", default="")),
                ("file_name", models.TextField()),
                ("size", models.BigIntegerField()),
                ("digest", models.TextField()),
                ("create_missing", models.BooleanField(db_default=False, default=False)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "確認待ち"),
                            ("examining", "確認中"),
                            ("examined", "確認済み"),
                            ("unusable", "読み取れません"),
                            ("ordered", "取り込み待ち"),
                            ("applying", "取り込み中"),
                            ("applied", "取り込み済み"),
                            ("cancelled", "取りやめ"),
                        ],
                        default="waiting",
                    ),
                ),
                ("run", models.PositiveIntegerField(db_default=1, default=1)),
                ("rows_done", models.IntegerField(db_default=0, default=0)),
                ("rows_expected", models.IntegerField(db_default=0, default=0)),
                ("counts", models.JSONField(db_default={}, default=dict)),
                ("warned", models.IntegerField(db_default=0, default=0)),
                ("differing", models.IntegerField(db_default=0, default=0)),
                ("findings", models.JSONField(db_default={}, default=dict)),
                ("fault", models.TextField(db_default="", default="")),
                ("is_broken", models.BooleanField(db_default=False, default=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "moved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="people_imports",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people_imports",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "db_table": "people_import",
            },
        ),
        migrations.CreateModel(
            name="ImportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("content", models.BinaryField()),
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
                        related_name="pieces",
                        to="directory.peopleimport",
                    ),
                ),
            ],
            options={
                "db_table": "people_import_piece",
            },
        ),
        migrations.CreateModel(
            name="ImportFate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.IntegerField()),
                (
                    "verdict",
                    models.TextField(
                        choices=[
                            ("new", "new"),
                            ("changed", "changed"),
                            ("unchanged", "unchanged"),
                            ("refused", "refused"),
                        ]
                    ),
                ),
                ("code", models.TextField(default="")),
                ("name", models.TextField(default="")),
                (
                    "changed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                (
                    "warnings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                (
                    "cells",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("has_warning", models.BooleanField()),
                ("differs", models.BooleanField()),
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
                        related_name="fates",
                        to="directory.peopleimport",
                    ),
                ),
            ],
            options={
                "db_table": "people_import_fate",
            },
        ),
        migrations.AddIndex(
            model_name="peopleimport",
            index=models.Index(fields=["organization", "-id"], name="people_import_newest"),
        ),
        migrations.AddIndex(
            model_name="peopleimport",
            index=models.Index(fields=["unit"], name="people_import_unit"),
        ),
        migrations.AddIndex(
            model_name="peopleimport",
            index=models.Index(fields=["actor"], name="people_import_actor"),
        ),
        migrations.AddConstraint(
            model_name="importpiece",
            constraint=models.UniqueConstraint(
                fields=("people_import", "number"), name="people_import_piece_once"
            ),
        ),
        migrations.AddIndex(
            model_name="importfate",
            index=models.Index(
                fields=["people_import", "verdict", "line"], name="people_import_fate_verdict"
            ),
        ),
        migrations.AddIndex(
            model_name="importfate",
            index=models.Index(
                condition=models.Q(("verdict", "refused"), ("has_warning", True), _connector="OR"),
                fields=["people_import", "line"],
                name="people_import_fate_trouble",
            ),
        ),
        migrations.AddIndex(
            model_name="importfate",
            index=models.Index(
                condition=models.Q(("has_warning", True)),
                fields=["people_import", "line"],
                name="people_import_fate_warned",
            ),
        ),
        migrations.AddIndex(
            model_name="importfate",
            index=models.Index(
                condition=models.Q(("differs", True)),
                fields=["people_import", "line"],
                name="people_import_fate_differs",
            ),
        ),
        migrations.AddConstraint(
            model_name="importfate",
            constraint=models.UniqueConstraint(
                fields=("people_import", "line"), name="people_import_fate_once"
            ),
        ),
        tenancy.SecureTenant("people_import"),
        tenancy.SecureTenant("people_import_piece"),
        tenancy.SecureTenant("people_import_fate"),
    ]
