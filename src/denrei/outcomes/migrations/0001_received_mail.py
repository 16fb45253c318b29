from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from denrei.accounts import tenancy

# A mail comes before anybody knows whose it is: until then the worker alone sees it, and gives it to its
# organization. What belongs to one he sees as everybody does.
ARRIVED = """
CREATE POLICY arrived ON received_mail TO denrei_worker USING (organization_id IS NULL) WITH CHECK (true);
"""
NOT_ARRIVED = "DROP POLICY arrived ON received_mail"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0006_first_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("protocol", models.TextField(choices=[("imap", "IMAP"), ("pop3", "POP3")])),
                ("host", models.TextField()),
                ("port", models.PositiveIntegerField()),
                (
                    "security",
                    models.TextField(
                        choices=[("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "暗号化なし")]
                    ),
                ),
                ("ca_file", models.TextField(db_default="", default="")),
                ("username", models.TextField()),
                ("password", models.TextField()),
                ("folder", models.TextField(db_default="INBOX", default="INBOX")),
                (
                    "after",
                    models.TextField(
                        choices=[
                            ("keep", "残す"),
                            ("mark", "既読にする"),
                            ("move", "別のフォルダーへ移す"),
                            ("delete", "削除する"),
                        ],
                        db_default="delete",
                        default="delete",
                    ),
                ),
                ("move_to", models.TextField(db_default="", default="")),
                ("every_seconds", models.PositiveIntegerField(db_default=60, default=60)),
                ("enabled", models.BooleanField(db_default=True, default=True)),
                ("seen_to", models.TextField(db_default="", default="")),
                (
                    "next_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("lease_until", models.DateTimeField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("brought", models.PositiveIntegerField(db_default=0, default=0)),
                ("brought_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(db_default="", default="")),
                ("trouble_since", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mailboxes",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "db_table": "mailbox",
            },
        ),
        migrations.CreateModel(
            name="MailboxSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uidl", models.TextField()),
                (
                    "mailbox",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen",
                        to="outcomes.mailbox",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "db_table": "mailbox_seen",
            },
        ),
        migrations.CreateModel(
            name="ReceivedMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.BinaryField(unique=True)),
                (
                    "arrived_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "way",
                    models.TextField(
                        choices=[("lmtp", "LMTP"), ("smtp", "SMTP"), ("mailbox", "メールボックス")]
                    ),
                ),
                ("came_to_id", models.BigIntegerField(null=True)),
                ("envelope_from", models.TextField(db_default="", default="")),
                ("envelope_to", models.TextField(db_default="", default="")),
                ("raw", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("is_broken", models.BooleanField(db_default=False, default=False)),
                ("read_at", models.DateTimeField(null=True)),
                ("told", models.BinaryField(null=True)),
                ("kind", models.TextField(db_default="", default="")),
                ("reason", models.SmallIntegerField(db_default=0, default=0)),
                (
                    "found_by",
                    models.TextField(
                        choices=[
                            ("token", "戻り先アドレスの署名"),
                            ("message", "元のメールのMessage-ID"),
                            ("address", "宛先のアドレス"),
                            ("", "特定できません"),
                        ],
                        db_default="",
                        default="",
                    ),
                ),
                ("broadcast_id", models.BigIntegerField(null=True)),
                ("delivery_id", models.BigIntegerField(null=True)),
                ("recipient_id", models.BigIntegerField(null=True)),
                ("author", models.TextField(db_default="", default="")),
                ("subject", models.TextField(db_default="", default="")),
                ("reported", models.TextField(db_default="", default="")),
                ("evidence", models.TextField(db_default="", default="")),
                ("waits", models.BooleanField(db_default=False, default=False)),
                ("handled_at", models.DateTimeField(null=True)),
                ("note", models.TextField(db_default="", default="")),
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
                    "mailbox",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="outcomes.mailbox",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "db_table": "received_mail",
            },
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.UniqueConstraint(
                fields=("organization", "name"), name="mailbox_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.CheckConstraint(
                condition=models.Q(("every_seconds__gte", 10), ("every_seconds__lte", 86400)),
                name="mailbox_every",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailboxseen",
            constraint=models.UniqueConstraint(
                fields=("mailbox", "uidl"), name="mailbox_seen_once"
            ),
        ),
        migrations.AddIndex(
            model_name="receivedmail",
            index=models.Index(
                condition=models.Q(("read_at", None)),
                fields=["id"],
                name="received_mail_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="receivedmail",
            index=models.Index(
                condition=models.Q(("organization__isnull", False)),
                fields=["organization", "-id"],
                name="received_mail_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="receivedmail",
            index=models.Index(
                condition=models.Q(("waits", True)),
                fields=["organization", "-id"],
                name="received_mail_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="receivedmail",
            index=models.Index(
                condition=models.Q(("recipient_id__isnull", False)),
                fields=["recipient_id", "-id"],
                name="received_mail_person",
            ),
        ),
        migrations.AddIndex(
            model_name="receivedmail",
            index=models.Index(
                condition=models.Q(("organization", None), ("read_at__isnull", False)),
                fields=["arrived_at"],
                name="received_mail_unclaimed",
            ),
        ),
        migrations.AddIndex(
            model_name="receivedmail",
            index=models.Index(
                condition=models.Q(("handled_by__isnull", False)),
                fields=["handled_by"],
                name="received_mail_handled",
            ),
        ),
        migrations.AddConstraint(
            model_name="receivedmail",
            constraint=models.UniqueConstraint(
                fields=("told", "organization"), name="received_mail_told"
            ),
        ),
        tenancy.SecureTenant("mailbox", worker_sees_all=True),
        tenancy.SecureTenant("mailbox_seen"),
        tenancy.SecureTenant("received_mail"),
        migrations.RunSQL(ARRIVED, NOT_ARRIVED),
    ]
