"""The trigger on deliveries locks people by the update itself, not by a SELECT … FOR UPDATE before it.

Code of before works with it as well: only a function of the server changes.
"""

from __future__ import annotations

import re
from importlib import resources

from django.db import migrations

_OLD_STEP = """\
     GROUP BY 1, 2),
  person AS MATERIALIZED (
    SELECT a.broadcast_id, a.recipient_id, touched.evidence FROM touched
      JOIN audience a ON a.broadcast_id = touched.broadcast_id AND a.recipient_id = touched.recipient_id
     WHERE a.grade < touched.evidence ORDER BY 1, 2 FOR UPDATE OF a)
  UPDATE audience a SET grade = person.evidence FROM person
   WHERE a.broadcast_id = person.broadcast_id AND a.recipient_id = person.recipient_id AND a.grade < person.evidence;
"""
#: In the order of `touched`, by its nested loop: a lock by itself, before, was a second visit to each person
#: and a second record in the log for it, some 3 us of the 27 that a delivery's record took.
_NEW_STEP = """\
     GROUP BY 1, 2 ORDER BY 1, 2)
  UPDATE audience a SET grade = touched.evidence FROM touched
   WHERE a.broadcast_id = touched.broadcast_id AND a.recipient_id = touched.recipient_id AND a.grade < touched.evidence;
"""
_OLD_HEAD = "FUNCTION delivery_moved() RETURNS trigger LANGUAGE plpgsql AS"
#: Whoever changes a delivery: people are visited in order, one by one.
_NEW_HEAD = (
    "FUNCTION delivery_moved() RETURNS trigger LANGUAGE plpgsql"
    " SET enable_hashjoin = off SET enable_mergejoin = off AS"
)


def _before() -> str:
    """Return the function as schema.sql made it."""
    schema = (resources.files("denrei.deliveries") / "sql" / "schema.sql").read_text("utf-8")
    found = re.search(r"CREATE FUNCTION delivery_moved\(\).*?END \$\$;", schema, re.DOTALL)
    assert found is not None
    return found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def _after() -> str:
    before = _before()
    assert _OLD_STEP in before
    assert _OLD_HEAD in before
    return before.replace(_OLD_STEP, _NEW_STEP).replace(_OLD_HEAD, _NEW_HEAD)


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0007_silence")]

    operations = [migrations.RunSQL(_after(), _before())]
