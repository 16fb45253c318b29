"""What an import is about to write over, kept beside it: whom it writes, and what is known of them before."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from denrei.directory.intake.models import PeopleImport

#: Between `importing`'s staging and its writes; fates are in `told_fate` (`recording`). Of a new person only the
#: children are kept, who belong to a household that may have been there. What a file says nothing about is null.
_KEEP = """
INSERT INTO people_import_person (organization_id, people_import_id, recipient_id, is_new, changed, before)
SELECT %(organization)s, %(id)s, p.recipient_id, p.is_new, t.changed,
       coalesce(person.facts, '{}') || coalesce(children.facts, '{}')
  FROM import_person p JOIN told_fate t USING (line)
  LEFT JOIN LATERAL (
       SELECT jsonb_build_object('code', r.code, 'name', r.name, 'kana', r.kana, 'search', r.search,
                'unit_id', r.unit_id, 'household_id', r.household_id, 'language', r.language, 'state', r.state, 'updated_at', r.updated_at,
                'contacts', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'address', c.address,
                                'slot', c.slot, 'receives', c.receives, 'state', c.state)), '[]')
                               FROM contact c WHERE c.recipient_id = r.id),
                'groups', CASE WHEN p.sets_groups THEN (SELECT coalesce(jsonb_agg(group_id), '[]')
                               FROM group_member WHERE recipient_id = r.id) END,
                'positions', CASE WHEN p.sets_positions THEN (SELECT coalesce(jsonb_agg(position_id), '[]')
                               FROM position_holder WHERE recipient_id = r.id) END) AS facts
         FROM recipient r WHERE r.id = p.recipient_id AND NOT p.is_new) person ON true
  LEFT JOIN (
       SELECT w.line, jsonb_build_object('children', jsonb_agg(jsonb_build_object('id', w.subject_id, 'household_id', q.household_id,
                'name', w.name, 'kana', s.kana, 'class_name', s.class_name,
                'became', jsonb_build_array(w.kana, w.class_name,
                                            CASE WHEN w.subject_id IS NULL THEN q.unit_id ELSE s.unit_id END)))) AS facts
         FROM import_child w JOIN import_person q USING (line) LEFT JOIN subject s ON s.id = w.subject_id
        GROUP BY w.line) children USING (line)
 ORDER BY p.line
"""


def keep(one: PeopleImport) -> datetime:
    """Keep it in the transaction of the import; return the moment that all will be written at."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"organization": one.organization_id, "id": one.pk})
        cursor.execute("SELECT written_at FROM import_moment")
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)
    return moment
