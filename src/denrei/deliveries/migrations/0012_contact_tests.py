from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_first_steps"),
        ("deliveries", "0011_people_lowered_once"),
        ("directory", "0003_intake"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="attention",
            name="state",
            field=models.SmallIntegerField(
                choices=[
                    (0, "未対応"),
                    (1, "担当者が対応済みにしました"),
                    (2, "連絡先が直されました"),
                    (3, "本人がこの連絡先から応答しました"),
                    (4, "担当者が抑止を解除しました"),
                    (5, "テスト連絡が届きました"),
                ],
                db_default=0,
                default=0,
            ),
        ),
        migrations.CreateModel(
            name="ContactTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("medium", models.SmallIntegerField()),
                ("address", models.TextField()),
                ("address_key", models.TextField()),
                ("state", models.SmallIntegerField(db_default=0, default=0)),
                ("reason", models.SmallIntegerField(db_default=0, default=0)),
                ("reply", models.TextField(db_default="", default="")),
                ("has_released", models.BooleanField(db_default=False, default=False)),
                (
                    "pressed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.contact",
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
                    "pressed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.recipient",
                    ),
                ),
            ],
            options={
                "db_table": "contact_test",
                "indexes": [
                    models.Index(fields=["contact", "-id"], name="contact_test_latest"),
                    models.Index(fields=["pressed_at"], name="contact_test_pressed"),
                    models.Index(
                        condition=models.Q(("pressed_by__isnull", False)),
                        fields=["pressed_by"],
                        name="contact_test_operator",
                    ),
                ],
            },
        ),
        tenancy.SecureTenant("contact_test"),
    ]
