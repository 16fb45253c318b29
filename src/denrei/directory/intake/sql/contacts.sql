-- Contacts as they were before an import; one that was confirmed since stays confirmed.
UPDATE contact c
   SET address = b.address, slot = b.slot, receives = b.receives,
       state = CASE WHEN 2 IN (b.state, c.state) THEN b.state ELSE c.state END
  FROM people_import_person k, jsonb_to_recordset(k.before -> 'contacts') AS b (id bigint, address text, slot smallint,
       receives boolean, state smallint)
 WHERE k.people_import_id = %(id)s AND k.recipient_id = ANY (%(people)s) AND c.id = b.id AND c.recipient_id = k.recipient_id
   AND (c.address, c.slot, c.receives, c.state = 2) IS DISTINCT FROM (b.address, b.slot, b.receives, b.state = 2)
