-- A human's tap on a message ends the case of its address, for each of a household who shares it.
UPDATE attention a SET state = 3, handled_at = now(), handled_by_id = NULL, note = ''
 WHERE a.state = 0 AND a.contact_id IN (
   SELECT d.contact_id FROM delivery d WHERE d.id = ANY(%(ids)s::bigint[])
   UNION ALL SELECT c.contact_id FROM cover c WHERE c.delivery_id = ANY(%(ids)s::bigint[]))
