from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_organizations"),
    ]

    operations = [
        migrations.CreateModel(
            name="IncidentType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField()),
                ("name", models.TextField()),
                ("order", models.IntegerField(db_default=0, default=0)),
                ("name_en", models.TextField(db_default="", default="")),
                (
                    "priority",
                    models.SmallIntegerField(
                        choices=[(0, "最優先"), (1, "緊急"), (5, "通常")], db_default=1, default=1
                    ),
                ),
                ("give_up_minutes", models.PositiveIntegerField(db_default=1440, default=1440)),
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
                "db_table": "incident_type",
                "ordering": ["order", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField()),
                ("name", models.TextField()),
                ("order", models.IntegerField(db_default=0, default=0)),
                ("name_en", models.TextField(db_default="", default="")),
                (
                    "incident_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instructions",
                        to="broadcasts.incidenttype",
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
                "db_table": "instruction",
                "ordering": ["order", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Situation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField()),
                ("name", models.TextField()),
                ("order", models.IntegerField(db_default=0, default=0)),
                ("name_en", models.TextField(db_default="", default="")),
                (
                    "incident_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="situations",
                        to="broadcasts.incidenttype",
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
                "db_table": "situation",
                "ordering": ["order", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AnswerChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField()),
                ("name", models.TextField()),
                ("order", models.IntegerField(db_default=0, default=0)),
                ("name_en", models.TextField(db_default="", default="")),
                ("needs_help", models.BooleanField(db_default=False, default=False)),
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
                "db_table": "answer_choice",
                "ordering": ["order", "code"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "code"), name="answer_choice_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Broadcast",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("idempotency_key", models.TextField()),
                ("request_sha256", models.BinaryField()),
                ("content", models.JSONField()),
                ("drill", models.BooleanField(db_default=False, default=False)),
                (
                    "priority",
                    models.SmallIntegerField(choices=[(0, "最優先"), (1, "緊急"), (5, "通常")]),
                ),
                ("give_up_at", models.DateTimeField()),
                (
                    "launched_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="broadcasts.broadcast",
                    ),
                ),
                (
                    "launched_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="broadcasts",
                        to="accounts.operator",
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
                "db_table": "broadcast",
                "indexes": [models.Index(fields=["organization", "-id"], name="broadcast_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "idempotency_key"), name="broadcast_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="incidenttype",
            constraint=models.UniqueConstraint(
                fields=("organization", "code"), name="incident_type_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.UniqueConstraint(
                fields=("incident_type", "code"), name="instruction_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="situation",
            constraint=models.UniqueConstraint(
                fields=("incident_type", "code"), name="situation_code"
            ),
        ),
        tenancy.SecureTenant("incident_type"),
        tenancy.SecureTenant("situation"),
        tenancy.SecureTenant("instruction"),
        tenancy.SecureTenant("answer_choice"),
        tenancy.SecureTenant("broadcast", append_only=True),
    ]
