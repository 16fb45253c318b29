-- Put the ids of what was just created in the place of the negative numbers, and number the new people. All are
-- written at one moment, by which it is seen who was changed since.
INSERT INTO import_moment VALUES (statement_timestamp());
UPDATE import_person p SET
  recipient_id = coalesce(p.recipient_id, nextval(pg_get_serial_sequence('recipient', 'id'))),
  unit_id = coalesce((SELECT m.id FROM import_master m WHERE m.placeholder = p.unit_id), p.unit_id),
  household_id = coalesce((SELECT m.id FROM import_master m WHERE m.placeholder = p.household_id), p.household_id);
UPDATE import_member w SET group_id = m.id FROM import_master m WHERE m.placeholder = w.group_id;
UPDATE import_holder w SET position_id = m.id FROM import_master m WHERE m.placeholder = w.position_id;
ANALYZE import_person, import_contact, import_member, import_holder, import_child
