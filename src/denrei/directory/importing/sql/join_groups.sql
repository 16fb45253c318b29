-- Groups that the file names for a person.
INSERT INTO group_member (organization_id, group_id, recipient_id)
SELECT (SELECT current_organization()), w.group_id, p.recipient_id FROM import_member w JOIN import_person p USING (line)
    ON CONFLICT DO NOTHING
