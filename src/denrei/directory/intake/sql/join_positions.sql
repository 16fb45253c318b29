-- The positions that an import took people out of, as far as they are still there.
INSERT INTO position_holder (organization_id, position_id, recipient_id)
SELECT k.organization_id, m.id, k.recipient_id
  FROM people_import_person k JOIN position m ON k.before -> 'positions' @> to_jsonb(m.id)
 WHERE k.people_import_id = %(id)s AND k.recipient_id = ANY (%(people)s) AND jsonb_typeof(k.before -> 'positions') = 'array'
    ON CONFLICT DO NOTHING
