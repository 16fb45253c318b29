-- Note the contacts of deliveries that ended so that an operator must act (EMC-7): a row for each, the table of endings
-- says which. An address that several people of a household share is a contact of each of them. The same delivery again
-- changes nothing but the reason; what was over begins anew. Rows are locked in the order of contacts; a case that
-- somebody else holds is being corrected or worked on at this moment: the ledger never waits for it.
WITH ending AS MATERIALIZED (
  SELECT * FROM unnest(%(media)s::smallint[], %(states)s::smallint[], %(reasons)s::smallint[], %(statuses)s::smallint[])
           e(medium, state, reason, status)),
 ended AS MATERIALIZED (
  SELECT d.id, d.broadcast_id, d.contact_id, d.medium, d.reason, d.updated_at, d.shared, e.status
    FROM unnest(%(ids)s::bigint[]) u(id) JOIN delivery d ON d.id = u.id
    JOIN ending e ON e.medium = d.medium AND e.state = d.state AND (e.reason IS NULL OR e.reason = d.reason)),
 meant AS MATERIALIZED (
  SELECT id, broadcast_id, reason, status, updated_at, contact_id FROM ended
  UNION ALL SELECT x.id, x.broadcast_id, x.reason, x.status, x.updated_at, c.contact_id
    FROM ended x JOIN cover c ON c.delivery_id = x.id WHERE x.shared),
 free AS MATERIALIZED (
  SELECT contact_id FROM attention WHERE contact_id IN (SELECT contact_id FROM meant) ORDER BY contact_id FOR UPDATE SKIP LOCKED),
 held AS MATERIALIZED (
  SELECT contact_id FROM attention WHERE contact_id IN (SELECT contact_id FROM meant) EXCEPT SELECT contact_id FROM free)
INSERT INTO attention AS a (organization_id, contact_id, recipient_id, medium, address_key, status, reason, since, last_at,
                            until, broadcast_id, delivery_id)
SELECT DISTINCT ON (c.id) %(organization)s, c.id, c.recipient_id, c.medium, c.address_key, m.status, m.reason,
       m.updated_at, m.updated_at, s.until, m.broadcast_id, m.id
  FROM meant m JOIN contact c ON c.id = m.contact_id AND c.state < 2  -- a retired one was mended before this came
  LEFT JOIN suppression s ON s.address_key = c.address_key AND s.medium = c.medium AND s.organization_id = %(organization)s
        AND s.until > now()
 WHERE c.id NOT IN (SELECT contact_id FROM held)
 ORDER BY c.id, m.updated_at DESC, m.id DESC
ON CONFLICT (contact_id) DO UPDATE
   SET recipient_id = excluded.recipient_id, address_key = excluded.address_key, status = excluded.status,
       reason = excluded.reason, last_at = excluded.last_at, until = excluded.until, state = 0,
       broadcast_id = excluded.broadcast_id, delivery_id = excluded.delivery_id,
       since = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.since ELSE excluded.since END,
       times = CASE WHEN a.delivery_id = excluded.delivery_id THEN a.times
                    WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.times + 1 ELSE 1 END,
       assigned_to_id = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.assigned_to_id END,
       snoozed_until = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.snoozed_until END
 WHERE excluded.last_at > a.last_at AND (a.state = 0 OR a.delivery_id <> excluded.delivery_id)
