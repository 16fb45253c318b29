-- Note the contacts of deliveries that ended so that an operator must act (EMC-7): a row for each, the table of endings
-- says which. An address that several people of a household share is a contact of each of them. The last of its deliveries
-- stands for a contact, whichever is told first; the latest of them are kept by number, so that each counts once; what was over
-- begins anew with another. An address left out (2) comes of what was told before: it always stands, and its number is kept
-- below zero, for it is no failure. Rows are locked in the order of contacts; a case that
-- somebody else holds is being corrected or worked on at this moment: the ledger never waits for it.
WITH told AS MATERIALIZED (
  SELECT d.id, d.broadcast_id, d.contact_id, d.reason, d.updated_at, d.shared, u.fresh,
         coalesce(%(statuses)s::jsonb->(d.medium || ' ' || d.state || ' ' || d.reason), %(statuses)s::jsonb->(d.medium || ' ' || d.state)) AS status
    FROM unnest(%(ids)s::bigint[], %(fresh)s::boolean[]) u(id, fresh) JOIN delivery d ON d.id = u.id
   WHERE (SELECT true FROM audience l JOIN delivery n ON n.broadcast_id = l.broadcast_id AND n.recipient_id = l.recipient_id AND n.contact_id = d.contact_id
           WHERE l.recipient_id = d.recipient_id AND l.broadcast_id >= d.broadcast_id AND n.id + 0 > d.id AND n.evidence >= 3 LIMIT 1) IS NULL
     AND (SELECT true FROM audience l JOIN cover v ON v.broadcast_id = l.broadcast_id AND v.recipient_id = l.recipient_id AND v.contact_id = d.contact_id
            JOIN delivery n ON n.id = v.delivery_id
           WHERE l.recipient_id = d.recipient_id AND l.broadcast_id >= d.broadcast_id AND v.delivery_id > d.id AND n.evidence >= 3 LIMIT 1) IS NULL),
 ended AS MATERIALIZED (SELECT id, broadcast_id, contact_id, reason, updated_at, shared, fresh, status::smallint FROM told WHERE status IS NOT NULL),
 meant AS MATERIALIZED (
  SELECT id, broadcast_id, reason, status, updated_at, fresh, contact_id FROM ended
  UNION ALL SELECT x.id, x.broadcast_id, x.reason, x.status, x.updated_at, x.fresh, c.contact_id
    FROM ended x JOIN cover c ON c.delivery_id = x.id WHERE x.shared),
 faced AS MATERIALIZED (
  SELECT m.*, k.contact_id AS known FROM meant m LEFT JOIN attention k ON k.contact_id = m.contact_id),
 free AS MATERIALIZED (
  SELECT contact_id FROM attention WHERE contact_id IN (SELECT known FROM faced) ORDER BY contact_id FOR UPDATE SKIP LOCKED),
 held AS MATERIALIZED (SELECT known FROM faced WHERE known IS NOT NULL EXCEPT SELECT contact_id FROM free),
 last AS MATERIALIZED (
  SELECT DISTINCT ON (contact_id) contact_id, id, broadcast_id, reason, status, updated_at, known,
         array_agg(CASE status WHEN 2 THEN -id ELSE id END) FILTER (WHERE fresh) OVER w AS counted
    FROM faced WHERE contact_id NOT IN (SELECT known FROM held)
  WINDOW w AS (PARTITION BY contact_id ORDER BY id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
   ORDER BY contact_id, id DESC),
 noted AS MATERIALIZED (
  SELECT l.*, (coalesce(counted, CASE WHEN known IS NULL THEN ARRAY[id] END, '{}'))[1:99] AS deliveries FROM last l)
INSERT INTO attention AS a (organization_id, contact_id, recipient_id, medium, address_key, status, reason, since, last_at,
                            until, broadcast_id, delivery_id, deliveries, times)
SELECT %(organization)s, c.id, c.recipient_id, c.medium, c.address_key, n.status, n.reason, n.updated_at, n.updated_at,
       (SELECT s.until FROM suppression s WHERE s.address_key = c.address_key AND s.medium = c.medium AND s.organization_id = %(organization)s AND s.until > now()),
       n.broadcast_id, n.id, n.deliveries, cardinality(n.deliveries)
  FROM noted n CROSS JOIN LATERAL (  -- one by one: where the table had just grown, the planner walked all contacts for each
    SELECT id, recipient_id, medium, address_key FROM contact
     WHERE id = n.contact_id AND state < 2 OFFSET 0) c  -- a retired one was mended before this came
 ORDER BY c.id
ON CONFLICT (contact_id) DO UPDATE
   SET recipient_id = excluded.recipient_id, address_key = excluded.address_key, state = 0, until = excluded.until,
       status = CASE WHEN excluded.delivery_id < a.delivery_id AND excluded.status <> 2 THEN a.status ELSE excluded.status END,
       reason = CASE WHEN excluded.delivery_id < a.delivery_id AND excluded.status <> 2 THEN a.reason ELSE excluded.reason END,
       broadcast_id = CASE WHEN excluded.delivery_id < a.delivery_id AND excluded.status <> 2 THEN a.broadcast_id ELSE excluded.broadcast_id END,
       delivery_id = CASE WHEN excluded.delivery_id < a.delivery_id AND excluded.status <> 2 THEN a.delivery_id ELSE excluded.delivery_id END,
       last_at = greatest(a.last_at, excluded.last_at),
       since = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.since ELSE excluded.since END,
       (deliveries, times) = (
         SELECT kept, cardinality(kept) FROM (
           SELECT ARRAY(SELECT DISTINCT one FROM unnest(
                          CASE WHEN excluded.deliveries <@ a.deliveries OR a.state = 0 AND coalesce(a.until > now(), true) THEN a.deliveries END
                          || excluded.deliveries) one ORDER BY one DESC LIMIT 99)) both_of(kept)),
       assigned_to_id = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.assigned_to_id END,
       snoozed_until = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.snoozed_until END
 WHERE a.state = 0 OR NOT excluded.deliveries <@ a.deliveries
