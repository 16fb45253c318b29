"""The roster: a large audience is named with the press and written afterwards (ADR 0024)."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from denrei.accounts import tenancy

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("audience", "0002_looks_and_answers")]

    operations = [
        migrations.RunSQL(
            (SQL / "roster.sql").read_text(encoding="utf-8"),
            "DROP TABLE roster; DROP FUNCTION roster_first",
        ),
        tenancy.SecureTenant("roster"),
    ]
