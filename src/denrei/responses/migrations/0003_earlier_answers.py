"""Answers and looks from before 0002: counted, and calls for help that nobody may overlook."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

EARLIER = Path(__file__).parent.parent / "sql" / "earlier.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("audience", "0002_looks_and_answers"),
        ("deliveries", "0001_ledger"),
        ("responses", "0002_addresses_and_help_calls"),
    ]

    operations = [
        migrations.RunSQL(EARLIER.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
