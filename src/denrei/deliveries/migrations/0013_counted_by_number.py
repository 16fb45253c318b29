"""Failures of an address, and cases of 要対応, keep by number which deliveries they count.

Each counts once then, in whatever order it is told, and a human's word takes back what was before it, also what is told
after it. The counts `streak` and `times` stay, for code of before.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

_FORWARD = """
ALTER TABLE suppression
  ADD COLUMN strikes bigint[] NOT NULL DEFAULT '{}',  -- the last deliveries that count, the latest first
  ADD COLUMN firm_id bigint;                          -- the last one whose reason suppresses at once
"""
_BACKWARD = """
ALTER TABLE suppression DROP COLUMN strikes, DROP COLUMN firm_id;
"""


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0012_contact_tests")]

    operations = [
        migrations.AddField(
            model_name="attention",
            name="deliveries",
            field=ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.RunSQL(_FORWARD, _BACKWARD),
    ]
