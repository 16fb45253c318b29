"""People, contacts, households, groups and positions."""

from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from denrei.accounts import tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_organizations"),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="ContactGroup",
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
                "db_table": "contact_group",
                "ordering": ["order", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField()),
                ("name", models.TextField(db_default="", default="")),
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
                "db_table": "household",
            },
        ),
        migrations.CreateModel(
            name="Position",
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
                "db_table": "position",
                "ordering": ["order", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField(db_default="", default="")),
                ("name", models.TextField()),
                ("kana", models.TextField(db_default="", default="")),
                ("search", models.TextField(db_default="", default="")),
                (
                    "language",
                    models.TextField(
                        choices=[("ja", "日本語"), ("en", "英語")], db_default="ja", default="ja"
                    ),
                ),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[(1, "在籍"), (2, "退会")], db_default=1, default=1
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "household",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="members",
                        to="directory.household",
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
                        related_name="recipients",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "db_table": "recipient",
            },
        ),
        migrations.CreateModel(
            name="PositionHolder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    "position",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holders",
                        to="directory.position",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions_held",
                        to="directory.recipient",
                    ),
                ),
            ],
            options={
                "db_table": "position_holder",
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="directory.contactgroup",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="directory.recipient",
                    ),
                ),
            ],
            options={
                "db_table": "group_member",
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                ("slot", models.SmallIntegerField(db_default=1, default=1)),
                ("receives", models.BooleanField(db_default=True, default=True)),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[(0, "未確認"), (1, "確認済"), (2, "停止")], db_default=0, default=0
                    ),
                ),
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
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="directory.recipient",
                    ),
                ),
            ],
            options={
                "db_table": "contact",
            },
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("kana", models.TextField(db_default="", default="")),
                ("class_name", models.TextField(db_default="", default="")),
                (
                    "household",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subjects",
                        to="directory.household",
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
                        related_name="subjects",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "db_table": "subject",
            },
        ),
        migrations.AddConstraint(
            model_name="contactgroup",
            constraint=models.UniqueConstraint(
                fields=("organization", "code"), name="contact_group_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(
                fields=("organization", "code"), name="household_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=models.UniqueConstraint(
                fields=("organization", "code"), name="position_code"
            ),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(fields=["organization", "kana", "id"], name="recipient_list"),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(fields=["unit"], name="recipient_unit"),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(fields=["household"], name="recipient_household"),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="recipient_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("organization", "code"),
                name="recipient_code",
            ),
        ),
        migrations.AddIndex(
            model_name="positionholder",
            index=models.Index(fields=["recipient"], name="position_holder_recipient"),
        ),
        migrations.AddConstraint(
            model_name="positionholder",
            constraint=models.UniqueConstraint(
                fields=("position", "recipient"), name="position_holder_once"
            ),
        ),
        migrations.AddIndex(
            model_name="groupmember",
            index=models.Index(fields=["recipient"], name="group_member_recipient"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(
                fields=("group", "recipient"), name="group_member_once"
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["recipient"], name="contact_recipient"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["address_key", "organization"], name="contact_address"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                fields=("recipient", "medium", "address_key"), name="contact_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot__range", (1, 9))), name="contact_slot"
            ),
        ),
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(fields=["household", "name"], name="subject_household"),
        ),
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(fields=["unit"], name="subject_unit"),
        ),
        tenancy.SecureTenant("household"),
        tenancy.SecureTenant("recipient"),
        tenancy.SecureTenant("contact"),
        tenancy.SecureTenant("subject"),
        tenancy.SecureTenant("contact_group"),
        tenancy.SecureTenant("group_member"),
        tenancy.SecureTenant("position"),
        tenancy.SecureTenant("position_holder"),
    ]
