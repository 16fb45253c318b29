"""Organizations, units, operators, the audit trail, and the wall between organizations."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        tenancy.CreateRoles(),
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.TextField()),
                ("name", models.TextField()),
                ("time_zone", models.TextField(db_default="Asia/Tokyo", default="Asia/Tokyo")),
                (
                    "preset",
                    models.TextField(
                        choices=[("company", "企業"), ("school", "学校"), ("city", "市町村")],
                        default="company",
                    ),
                ),
                ("receiving_slots", models.SmallIntegerField(db_default=2, default=2)),
                ("sender_name", models.TextField(db_default="", default="")),
                ("sender_address", models.TextField(db_default="", default="")),
                ("reply_to", models.TextField(db_default="", default="")),
                ("settings", models.JSONField(db_default={}, default=dict)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "db_table": "organization",
                "constraints": [
                    models.UniqueConstraint(fields=("slug",), name="organization_slug"),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9][a-z0-9-]{0,62}$")),
                        name="organization_slug_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("receiving_slots__range", (1, 9))),
                        name="organization_slots",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField()),
                ("name", models.TextField()),
                ("path", models.TextField(db_default="", default="")),
                ("sender_name", models.TextField(db_default="", default="")),
                ("sender_address", models.TextField(db_default="", default="")),
                ("reply_to", models.TextField(db_default="", default="")),
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
                    "parent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "db_table": "unit",
            },
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                ("login", models.TextField()),
                ("name", models.TextField()),
                ("email", models.TextField(db_default="", default="")),
                (
                    "role",
                    models.TextField(
                        choices=[("admin", "管理者"), ("sender", "発信者"), ("viewer", "閲覧者")],
                        default="viewer",
                    ),
                ),
                ("is_active", models.BooleanField(db_default=True, default=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                        related_name="operators",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "db_table": "operator",
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("actor_name", models.TextField(db_default="", default="")),
                ("action", models.TextField()),
                ("subject_kind", models.TextField(db_default="", default="")),
                ("subject_id", models.TextField(db_default="", default="")),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_entries",
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
                "db_table": "audit_entry",
                "indexes": [
                    models.Index(fields=["organization", "-at", "-id"], name="audit_entry_newest"),
                    models.Index(fields=["subject_id", "subject_kind"], name="audit_entry_subject"),
                    models.Index(fields=["actor"], name="audit_entry_actor"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["parent"], name="unit_parent"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("organization", "code"), name="unit_code"),
        ),
        migrations.AddIndex(
            model_name="operator",
            index=models.Index(fields=["unit"], name="operator_unit"),
        ),
        migrations.AddConstraint(
            model_name="operator",
            constraint=models.UniqueConstraint(
                fields=("organization", "login"), name="operator_login"
            ),
        ),
        tenancy.SecureTenant("organization", column="id", worker_sees_all=True),
        tenancy.SecureTenant("unit"),
        tenancy.SecureTenant("operator"),
        tenancy.SecureTenant("audit_entry", append_only=True),
        # Runs as the owner, who inherits the policy `every`: see organizations.by_slug.
        migrations.RunSQL(
            """
            CREATE FUNCTION organization_by_slug(wanted text) RETURNS bigint
            STABLE SECURITY DEFINER LANGUAGE sql SET search_path = pg_catalog, pg_temp
            AS $$ SELECT id FROM public.organization WHERE slug = wanted $$;
            REVOKE ALL ON FUNCTION organization_by_slug(text) FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION organization_by_slug(text) TO denrei_app;
            """,
            "DROP FUNCTION organization_by_slug(text)",
        ),
    ]
