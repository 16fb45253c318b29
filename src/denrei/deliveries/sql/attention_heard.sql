-- A human's tap on a message ends the case of its address, for each of a household who shares it, unless a later message
-- failed: that one stands, and what came of it. In the order of contacts, and past those that somebody holds (ATTENTION).
WITH said AS MATERIALIZED (
  SELECT contact_id, max(id) AS heard FROM (
    SELECT d.contact_id, d.id FROM delivery d WHERE d.id = ANY(%(ids)s::bigint[])
    UNION ALL SELECT c.contact_id, c.delivery_id FROM cover c WHERE c.delivery_id = ANY(%(ids)s::bigint[])) each(contact_id, id) GROUP BY 1),
 free AS MATERIALIZED (  -- by the contact, one at a time: neither past every open case, nor all of them for each
  SELECT a.id, ARRAY(SELECT one FROM unnest(a.deliveries) one WHERE abs(one) > each.heard ORDER BY 1 DESC) AS deliveries
    FROM (SELECT contact_id, heard FROM said ORDER BY contact_id) each CROSS JOIN LATERAL (
      SELECT id, deliveries FROM attention WHERE contact_id = each.contact_id AND state + 0 = 0 FOR UPDATE SKIP LOCKED) a),
 left_over AS MATERIALIZED (SELECT id, deliveries, coalesce(deliveries[1] > 0, false) AS stays FROM free)
UPDATE attention a
   SET state = CASE WHEN o.stays THEN 0 ELSE 3 END, handled_at = CASE WHEN o.stays THEN a.handled_at ELSE now() END,
       handled_by_id = CASE WHEN o.stays THEN a.handled_by_id END, note = CASE WHEN o.stays THEN a.note ELSE '' END,
       deliveries = CASE WHEN o.stays THEN o.deliveries ELSE a.deliveries END,
       times = CASE WHEN o.stays THEN cardinality(o.deliveries) ELSE a.times END,
       until = CASE WHEN o.stays THEN (SELECT s.until FROM suppression s WHERE s.address_key = a.address_key AND s.medium = a.medium
                                          AND s.organization_id = %(organization)s AND s.until > now()) ELSE a.until END
  FROM left_over o WHERE a.id = o.id
