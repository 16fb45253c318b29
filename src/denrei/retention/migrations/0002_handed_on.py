"""Tells what a night left undone from what it did."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_rounds")]

    operations = [
        migrations.AddField(
            model_name="retentionrun",
            name="handed_on",
            field=models.BooleanField(db_default=False, default=False),
        )
    ]
