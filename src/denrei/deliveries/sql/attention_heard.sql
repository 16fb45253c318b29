-- A human's tap on a message ends the case of its address, for each of a household who shares it. In the order of
-- contacts, and past those that somebody holds (ATTENTION).
WITH free AS MATERIALIZED (
  SELECT contact_id FROM attention
   WHERE state = 0 AND contact_id IN (
     SELECT d.contact_id FROM delivery d WHERE d.id = ANY(%(ids)s::bigint[])
     UNION ALL SELECT c.contact_id FROM cover c WHERE c.delivery_id = ANY(%(ids)s::bigint[]))
   ORDER BY contact_id FOR UPDATE SKIP LOCKED)
UPDATE attention a SET state = 3, handled_at = now(), handled_by_id = NULL, note = ''
 WHERE a.contact_id IN (SELECT contact_id FROM free)
