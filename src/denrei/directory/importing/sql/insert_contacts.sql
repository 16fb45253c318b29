-- Contacts that a person did not have.
INSERT INTO contact (organization_id, recipient_id, medium, address, address_key, slot, receives, state)
SELECT (SELECT current_organization()), p.recipient_id, w.medium, w.address, w.address_key, w.slot, w.receives, w.state
  FROM import_contact w JOIN import_person p USING (line) WHERE w.contact_id IS NULL ORDER BY w.line, w.medium, w.slot
