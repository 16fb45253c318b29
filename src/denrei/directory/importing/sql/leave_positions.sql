-- Positions that the file no longer names for a person.
DELETE FROM position_holder h USING import_person p
 WHERE h.recipient_id = p.recipient_id AND p.sets_positions
   AND NOT EXISTS (SELECT FROM import_holder w WHERE w.line = p.line AND w.position_id = h.position_id)
