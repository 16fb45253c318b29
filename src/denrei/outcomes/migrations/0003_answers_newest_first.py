"""Finds the answers among received mails, newest first."""

from __future__ import annotations

from django.db import migrations, models

from denrei.accounts.rolling import IndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("outcomes", "0002_answers_by_mail")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                IndexConcurrently(
                    "received_mail_answers",
                    "received_mail (organization_id, id DESC) WHERE response_id IS NOT NULL",
                )
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="receivedmail",
                    index=models.Index(
                        fields=["organization", "-id"],
                        condition=models.Q(("response_id__isnull", False)),
                        name="received_mail_answers",
                    ),
                )
            ],
        ),
    ]
