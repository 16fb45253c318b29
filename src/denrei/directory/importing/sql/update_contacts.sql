-- Contacts that moved to another slot, gave way, came back, or receive or no longer receive.
UPDATE contact c SET address = w.address, slot = w.slot, receives = w.receives, state = w.state
  FROM import_contact w WHERE c.id = w.contact_id
