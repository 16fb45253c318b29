-- Positions that the file names for a person.
INSERT INTO position_holder (organization_id, position_id, recipient_id)
SELECT (SELECT current_organization()), w.position_id, p.recipient_id FROM import_holder w JOIN import_person p USING (line)
    ON CONFLICT DO NOTHING
