-- People that were not in the address book.
INSERT INTO recipient (organization_id, id, code, name, kana, search, unit_id, household_id, language, state, updated_at)
SELECT (SELECT current_organization()), recipient_id, code, name, kana, search, unit_id, household_id, language, state,
       (SELECT written_at FROM import_moment)
  FROM import_person WHERE is_new ORDER BY line
