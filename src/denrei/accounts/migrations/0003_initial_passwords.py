"""Passwords that somebody else gave; indexes for the page of the audit trail."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sessions"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="auditentry",
            name="audit_entry_actor",
        ),
        migrations.AddField(
            model_name="operator",
            name="password_is_initial",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["actor", "-at", "-id"], name="audit_entry_of_actor"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                fields=["organization", "action", "-at", "-id"], name="audit_entry_action"
            ),
        ),
    ]
