"""What a new operator has tried already."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_only_organization"),
    ]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="first_steps",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
