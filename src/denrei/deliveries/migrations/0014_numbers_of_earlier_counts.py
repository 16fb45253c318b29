"""What was counted before 0013 has the number of its last delivery; the others get numbers that no delivery has."""

from __future__ import annotations

from django.db import migrations

#: The rows are behind the wall, also for the owner: each organization is acted for in turn. Nobody knows any more which
#: suppression came at once: what holds holds until a human is heard on that message or a later one.
_FILL = """
DO $$ DECLARE one bigint; BEGIN
  FOR one IN SELECT id FROM organization LOOP
    PERFORM set_config('denrei.organization', one::text, true);
    UPDATE suppression SET firm_id = CASE WHEN until > now() THEN delivery_id END,
           strikes = ARRAY[delivery_id] || ARRAY(SELECT -n FROM generate_series(1, least(streak, 3) - 1) n)
     WHERE strikes = '{}' AND streak > 0 AND delivery_id IS NOT NULL;
    UPDATE attention SET deliveries = ARRAY[CASE status WHEN 2 THEN -delivery_id ELSE delivery_id END] || ARRAY(SELECT -n FROM generate_series(1, least(times, 99) - 1) n)
     WHERE deliveries = '{}';
  END LOOP;
  PERFORM set_config('denrei.organization', '', true);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0013_counted_by_number")]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
