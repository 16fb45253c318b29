-- People as they were before an import, with the time of their last change: so the import before it can be undone, too.
-- A household that is gone stays gone.
UPDATE recipient r
   SET code = b.code, name = b.name, kana = b.kana, search = b.search, unit_id = b.unit_id, language = b.language,
       state = b.state, household_id = (SELECT h.id FROM household h WHERE h.id = b.household_id),
       updated_at = b.updated_at
  FROM people_import_person k, jsonb_to_record(k.before) AS b (code text, name text, kana text, search text, unit_id bigint,
       household_id bigint, language text, state smallint, updated_at timestamptz)
 WHERE k.people_import_id = %(id)s AND k.recipient_id = ANY (%(people)s) AND r.id = k.recipient_id
