-- People whose entry changed.
UPDATE recipient r
   SET code = p.code, name = p.name, kana = p.kana, search = p.search, unit_id = p.unit_id, household_id = p.household_id,
       language = p.language, state = p.state, updated_at = (SELECT written_at FROM import_moment)
  FROM import_person p WHERE r.id = p.recipient_id AND NOT p.is_new
