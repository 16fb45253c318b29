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
-- The greatest of two lists without repeats, the greatest first.
CREATE FUNCTION latest(known bigint[], told bigint[], most int) RETURNS bigint[] IMMUTABLE LANGUAGE sql
  AS $$ SELECT ARRAY(SELECT DISTINCT one FROM unnest(known || told) one ORDER BY one DESC LIMIT most) $$;
-- Whether a human was heard on a later message to this contact of this person.
CREATE FUNCTION heard_later(b bigint, r bigint, c bigint, d bigint) RETURNS boolean STABLE LANGUAGE sql
  AS $$ SELECT EXISTS (
    SELECT FROM audience a JOIN delivery n ON n.broadcast_id = a.broadcast_id AND n.recipient_id = a.recipient_id AND n.contact_id = c
     WHERE a.recipient_id = r AND a.broadcast_id >= b AND n.id > d AND n.evidence >= 3) $$;
"""
_BACKWARD = """
DROP FUNCTION heard_later(bigint, bigint, bigint, bigint);
DROP FUNCTION latest(bigint[], bigint[], int);
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
