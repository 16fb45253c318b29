"""Broadcasts from before 0004: taken to be from where their operators work now."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("broadcasts", "0004_unit_of_launch"),
    ]

    operations = [
        # The rows are behind the wall, also for the owner: each organization is acted for in turn.
        migrations.RunSQL(
            """
            DO $$ DECLARE one bigint; BEGIN
              FOR one IN SELECT id FROM organization LOOP
                PERFORM set_config('denrei.organization', one::text, true);
                UPDATE broadcast b SET unit_id = o.unit_id FROM operator o
                 WHERE o.id = b.launched_by_id AND o.unit_id IS NOT NULL;
              END LOOP;
              PERFORM set_config('denrei.organization', '', true);
            END $$
            """,
            migrations.RunSQL.noop,
        ),
    ]
