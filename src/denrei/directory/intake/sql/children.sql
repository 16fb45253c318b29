-- Children as they were before an import, but for those who stay; those that it added are gone.
WITH child AS (
  SELECT b.* FROM people_import_person k, jsonb_to_recordset(k.before -> 'children') AS b (id bigint, household_id bigint,
         name text, kana text, class_name text, became jsonb)
   WHERE k.people_import_id = %(id)s AND k.recipient_id = ANY (%(people)s)
), gone AS (
  DELETE FROM subject s USING child b WHERE b.id IS NULL AND s.household_id = b.household_id
     AND s.name = b.name AND jsonb_build_array(s.kana, s.class_name, s.unit_id) = b.became AND s.id <> ALL (%(kept)s)
)
UPDATE subject s SET kana = b.kana, class_name = b.class_name
  FROM child b WHERE s.id = b.id AND jsonb_build_array(s.kana, s.class_name, s.unit_id) = b.became AND s.id <> ALL (%(kept)s)
