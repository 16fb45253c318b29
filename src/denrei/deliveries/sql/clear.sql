-- A human's tap on a message ends the streak of failures of its address up to this message, and the suppression where there is
-- one; a later failure stands. That is told to the trail of each contact that has the address (EMC-6). Returns the addresses
-- that are sent to again.
-- Asked of one place at a time (EXISTS could be a list of all): as a join it walked every suppression for each message.
WITH heard AS MATERIALIZED (
  SELECT c.address_key, c.medium, max(d.id) AS delivery_id FROM delivery d JOIN contact c ON c.id = d.contact_id
   WHERE d.id = ANY(%(ids)s::bigint[]) GROUP BY 1, 2),
 failed AS MATERIALIZED (
  SELECT h.address_key, h.medium, h.delivery_id FROM heard h
   WHERE (SELECT true FROM suppression k
           WHERE k.address_key = h.address_key AND k.medium = h.medium AND k.organization_id = %(organization)s)),
 cleared AS (
  DELETE FROM suppression s
   WHERE s.address_key = ANY(ARRAY(SELECT address_key FROM failed)) AND s.organization_id = %(organization)s
     AND CASE WHEN EXISTS (SELECT FROM failed f WHERE f.address_key = s.address_key AND f.medium = s.medium
                                                  AND (s.delivery_id <= f.delivery_id OR s.delivery_id IS NULL)) THEN true END
  RETURNING s.address_key, s.medium, s.reason, s.until > now() AS held),
 again AS MATERIALIZED (SELECT DISTINCT address_key, medium, reason FROM cleared WHERE held),
 told AS (
  INSERT INTO audit_entry (organization_id, action, subject_kind, subject_id, before)
  SELECT %(organization)s, 'address.heard', 'contact', c.id::text, jsonb_build_object('reason', a.reason)
    FROM again a JOIN contact c ON c.address_key = a.address_key AND c.medium = a.medium AND c.organization_id = %(organization)s)
SELECT medium, address_key FROM again
