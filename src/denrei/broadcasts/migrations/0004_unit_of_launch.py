from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_only_organization"),
        ("broadcasts", "0003_sent_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="broadcast",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="broadcasts",
                to="accounts.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="broadcast",
            index=models.Index(fields=["unit"], name="broadcast_unit"),
        ),
    ]
