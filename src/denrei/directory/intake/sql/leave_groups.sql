-- The groups that an import put people into.
DELETE FROM group_member m USING people_import_person k
 WHERE k.people_import_id = %(id)s AND k.recipient_id = ANY (%(people)s) AND m.recipient_id = k.recipient_id
   AND jsonb_typeof(k.before -> 'groups') = 'array' AND NOT k.before -> 'groups' @> to_jsonb(m.group_id)
