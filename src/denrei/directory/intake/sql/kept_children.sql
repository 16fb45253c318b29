-- Children whom an import wrote and who stay as they are: of whom more was told since, or in whose household
-- somebody was written since, who may have named them, too. Who left by this undoing does not count.
SELECT s.id
  FROM people_import i JOIN people_import_person k ON k.people_import_id = i.id
 CROSS JOIN jsonb_to_recordset(k.before -> 'children') AS b (id bigint, household_id bigint, name text, became jsonb)
  JOIN subject s ON s.household_id = b.household_id AND (s.id = b.id OR b.id IS NULL AND s.name = b.name)
 WHERE i.id = %(id)s AND k.recipient_id = ANY (%(people)s)
   AND (jsonb_build_array(s.kana, s.class_name, s.unit_id) <> b.became
        OR EXISTS (SELECT FROM recipient m
                    WHERE m.household_id = b.household_id AND m.updated_at > i.written_at
                      AND NOT EXISTS (SELECT FROM people_import_person o
                                       WHERE o.people_import_id = i.id AND o.recipient_id = m.id AND o.outcome = 'left')))
