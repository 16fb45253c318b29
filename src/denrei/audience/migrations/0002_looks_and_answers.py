from __future__ import annotations

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("audience", "0001_audience")]

    operations = [
        # for Django's picture of the table only: it is not managed
        migrations.AddField(
            model_name="audiencemember",
            name="looked",
            field=models.SmallIntegerField(
                choices=[(0, "NOBODY"), (1, "PROGRAM"), (2, "MAYBE")], default=0
            ),
        ),
        migrations.AddField(
            model_name="audiencemember",
            name="choice",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="audiencemember",
            name="needs_help",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(
            (SQL / "looks_and_answers.sql").read_text(encoding="utf-8"),
            (SQL / "without_looks_and_answers.sql").read_text(encoding="utf-8"),
        ),
    ]
