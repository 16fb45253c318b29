-- The positions that an import put people into.
DELETE FROM position_holder m USING people_import_person k
 WHERE k.people_import_id = %(id)s AND k.recipient_id = ANY (%(people)s) AND m.recipient_id = k.recipient_id
   AND jsonb_typeof(k.before -> 'positions') = 'array' AND NOT k.before -> 'positions' @> to_jsonb(m.position_id)
