"""The trigger on deliveries asks once what is left for a person whose message came back.

Code of before works with it as well: only a function of the server changes.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

_BEFORE: str = import_module("denrei.deliveries.migrations.0008_people_locked_once")._after()
_OLD_HEAD = "AS $$\nBEGIN\n"
_NEW_HEAD = "AS $$\nDECLARE places tid[]; broadcasts bigint[]; people bigint[];\nBEGIN\n"
_OLD_FROM = "    PERFORM FROM audience a\n"
_OLD_TO = "  END IF;\n  RETURN NULL;\n"
#: Locked first, and asked by a statement of its own after that: it sees what others committed while we waited for a
#: person, so that two of whom each brings back one of his messages can't both count on the other's. What is left was
#: asked twice for each person (as a condition, and as the value), and the person was looked for twice.
_NEW_STEP = """\
    WITH fallen AS MATERIALIZED (
      SELECT broadcast_id, recipient_id FROM fresh WHERE evidence = 0 AND fold_rank > 10
      UNION SELECT f.broadcast_id, c.recipient_id FROM fresh f JOIN cover c ON c.delivery_id = f.id
       WHERE f.shared AND f.evidence = 0 AND f.fold_rank > 10),
    held AS MATERIALIZED (
      SELECT a.ctid AS place, a.broadcast_id, a.recipient_id FROM fallen x
        JOIN audience a ON a.broadcast_id = x.broadcast_id AND a.recipient_id = x.recipient_id
       WHERE a.grade BETWEEN 1 AND 2 ORDER BY a.broadcast_id, a.recipient_id FOR UPDATE OF a)
    SELECT array_agg(place), array_agg(broadcast_id), array_agg(recipient_id) INTO places, broadcasts, people FROM held;
    WITH best AS MATERIALIZED (
      SELECT x.place, coalesce(greatest(
               (SELECT max(d.evidence) FROM delivery d WHERE d.broadcast_id = x.broadcast_id AND d.recipient_id = x.recipient_id),
               (SELECT max(d.evidence) FROM cover c JOIN delivery d ON d.id = c.delivery_id
                 WHERE c.broadcast_id = x.broadcast_id AND c.recipient_id = x.recipient_id)), 0)::smallint AS evidence
        FROM unnest(places, broadcasts, people) x(place, broadcast_id, recipient_id))
    UPDATE audience a SET grade = best.evidence FROM best WHERE a.ctid = best.place AND a.grade > best.evidence;
"""


def _after() -> str:
    head, found, rest = _BEFORE.partition(_OLD_FROM)
    _, ended, tail = rest.partition(_OLD_TO)
    assert found
    assert ended
    assert _OLD_HEAD in head
    return head.replace(_OLD_HEAD, _NEW_HEAD) + _NEW_STEP + ended + tail


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0010_roster_first")]

    operations = [migrations.RunSQL(_after(), _BEFORE)]
