-- Children that a household did not have; the judge lets each through once.
INSERT INTO subject (organization_id, household_id, name, kana, unit_id, class_name)
SELECT (SELECT current_organization()), p.household_id, w.name, w.kana, p.unit_id, w.class_name
  FROM import_child w JOIN import_person p USING (line) WHERE w.subject_id IS NULL ORDER BY w.line
