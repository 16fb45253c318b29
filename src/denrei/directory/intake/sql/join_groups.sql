-- The groups that an import took people out of, as far as they are still there.
INSERT INTO group_member (organization_id, group_id, recipient_id)
SELECT k.organization_id, m.id, k.recipient_id
  FROM people_import_person k JOIN contact_group m ON k.before -> 'groups' @> to_jsonb(m.id)
 WHERE k.people_import_id = %(id)s AND k.recipient_id = ANY (%(people)s) AND jsonb_typeof(k.before -> 'groups') = 'array'
    ON CONFLICT DO NOTHING
