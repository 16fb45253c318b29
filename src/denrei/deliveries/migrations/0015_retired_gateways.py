"""A gateway that was removed keeps its row: attempts name it for ever. It has no settings and is not in use."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0014_numbers_of_earlier_counts")]

    operations = [
        migrations.AddField(
            model_name="gateway", name="retired_at", field=models.DateTimeField(null=True)
        )
    ]
