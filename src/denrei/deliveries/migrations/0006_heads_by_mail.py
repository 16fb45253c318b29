from __future__ import annotations

from django.db import migrations

#: Of the newest wave of a broadcast: whether the head of its chain has left the house (NEW-1).
COLUMNS = """
ALTER TABLE run
  ADD COLUMN head_told_at timestamptz,                   -- mailed to the administrators then
  ADD COLUMN head_next_at timestamptz,                   -- tried again after this; until then somebody has it
  ADD COLUMN head_tries smallint NOT NULL DEFAULT 0
"""
NO_COLUMNS = """
ALTER TABLE run DROP COLUMN head_told_at, DROP COLUMN head_next_at, DROP COLUMN head_tries
"""


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0005_attention")]

    operations = [migrations.RunSQL(COLUMNS, NO_COLUMNS)]
