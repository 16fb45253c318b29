from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_only_organization"),
        ("broadcasts", "0002_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="incidenttype",
            name="sent_by",
            field=models.TextField(
                choices=[
                    ("senders", "発信者と管理者"),
                    ("whole", "団体全体を担当する発信者と管理者"),
                    ("admins", "管理者だけ"),
                ],
                db_default="senders",
                default="senders",
            ),
        ),
        migrations.AddField(
            model_name="incidenttype",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="incident_types",
                to="accounts.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="incidenttype",
            index=models.Index(fields=["unit"], name="incident_type_unit"),
        ),
    ]
