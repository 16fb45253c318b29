from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from denrei.accounts import tenancy

# A contact that gave way to another, or is not used any more, asks nobody to act: in the very transaction
# that corrected it, whoever wrote it. The condition is judged before the function is called.
MENDED = """
CREATE FUNCTION attention_mended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE attention SET state = 2, handled_at = now(), handled_by_id = NULL, note = ''
   WHERE contact_id = NEW.id AND state = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER contact_mended AFTER UPDATE OF state, address_key ON contact FOR EACH ROW
  WHEN (NEW.state = 2 AND OLD.state <> 2 OR NEW.address_key <> OLD.address_key)
  EXECUTE FUNCTION attention_mended();
"""
UNMENDED = "DROP TRIGGER contact_mended ON contact; DROP FUNCTION attention_mended;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_only_organization"),
        ("deliveries", "0004_watch"),
        ("directory", "0003_intake"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "address_key",
                        "medium",
                        "organization_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organization_id", models.BigIntegerField()),
                ("medium", models.SmallIntegerField()),
                ("address_key", models.TextField()),
                ("reason", models.SmallIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("delivery_id", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "suppression",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Attention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("medium", models.SmallIntegerField()),
                ("address_key", models.TextField()),
                ("status", models.SmallIntegerField()),
                ("reason", models.SmallIntegerField()),
                ("since", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("times", models.IntegerField(db_default=1, default=1)),
                ("until", models.DateTimeField(null=True)),
                ("broadcast_id", models.BigIntegerField()),
                ("delivery_id", models.BigIntegerField()),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[
                            (0, "未対応"),
                            (1, "担当者が対応済みにしました"),
                            (2, "連絡先が直されました"),
                            (3, "本人がこの連絡先から応答しました"),
                            (4, "担当者が抑止を解除しました"),
                        ],
                        db_default=0,
                        default=0,
                    ),
                ),
                ("snoozed_until", models.DateTimeField(null=True)),
                ("note", models.TextField(db_default="", default="")),
                ("handled_at", models.DateTimeField(null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.contact",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.recipient",
                    ),
                ),
            ],
            options={
                "db_table": "attention",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", 0)),
                        fields=["organization", "since", "id"],
                        name="attention_open",
                    ),
                    models.Index(fields=["recipient"], name="attention_recipient"),
                    models.Index(
                        condition=models.Q(("assigned_to__isnull", False)),
                        fields=["assigned_to"],
                        name="attention_assigned",
                    ),
                    models.Index(
                        condition=models.Q(("handled_by__isnull", False)),
                        fields=["handled_by"],
                        name="attention_handled",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MENDED, UNMENDED),
        tenancy.SecureTenant("attention"),
    ]
