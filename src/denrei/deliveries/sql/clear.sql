-- A human's tap on a message ends what was counted against its address up to this message, and the suppression where nothing
-- later holds it. That is told to the trail of each contact that has the address (EMC-6). Returns the addresses
-- that are sent to again.
-- Asked of one place at a time (EXISTS could be a list of all): as a join it walked every suppression for each message.
WITH heard AS MATERIALIZED (
  SELECT c.address_key, c.medium, max(d.id) AS delivery_id FROM delivery d JOIN contact c ON c.id = d.contact_id
   WHERE d.id = ANY(%(ids)s::bigint[]) GROUP BY 1, 2),
 failed AS MATERIALIZED (
  SELECT h.address_key, h.medium, h.delivery_id FROM heard h
   WHERE (SELECT true FROM suppression k
           WHERE k.address_key = h.address_key AND k.medium = h.medium AND k.organization_id = %(organization)s)),
 stood AS MATERIALIZED (
  SELECT s.address_key, s.medium, s.reason, s.until > now() AS held, s.delivery_id > f.delivery_id AS stays,
         ARRAY(SELECT one FROM unnest(s.strikes) one WHERE one > f.delivery_id ORDER BY 1 DESC) AS strikes,
         CASE WHEN s.firm_id > f.delivery_id THEN s.firm_id END AS firm_id,
         s.firm_id IS NOT NULL OR cardinality(s.strikes) >= %(strikes)s AS by_number  -- not by a test, or by code of before
    FROM failed f JOIN suppression s ON s.address_key = f.address_key AND s.medium = f.medium AND s.organization_id = %(organization)s
   ORDER BY 1, 2 FOR UPDATE OF s),
 cleared AS (
  DELETE FROM suppression s USING stood
   WHERE s.address_key = stood.address_key AND s.medium = stood.medium AND s.organization_id = %(organization)s AND stood.stays IS NOT true),
 lessened AS (
  UPDATE suppression s
     SET strikes = stood.strikes, streak = cardinality(stood.strikes), firm_id = stood.firm_id,
         until = CASE WHEN stood.held AND stood.by_number AND stood.firm_id IS NULL AND cardinality(stood.strikes) < %(strikes)s THEN '-infinity' ELSE s.until END
    FROM stood
   WHERE s.address_key = stood.address_key AND s.medium = stood.medium AND s.organization_id = %(organization)s AND stood.stays),
 again AS MATERIALIZED (
  SELECT address_key, medium, reason FROM stood
   WHERE held AND (stays IS NOT true OR by_number AND firm_id IS NULL AND cardinality(strikes) < %(strikes)s)),
 told AS (
  INSERT INTO audit_entry (organization_id, action, subject_kind, subject_id, before)
  SELECT %(organization)s, 'address.heard', 'contact', c.id::text, jsonb_build_object('reason', a.reason)
    FROM again a JOIN contact c ON c.address_key = a.address_key AND c.medium = a.medium AND c.organization_id = %(organization)s)
SELECT medium, address_key FROM again
