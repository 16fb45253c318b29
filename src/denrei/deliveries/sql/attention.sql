-- Note the contacts of deliveries that ended so that an operator must act (EMC-7): a row for each, the table of endings
-- says which. An address that several people of a household share is a contact of each of them. The last of its deliveries
-- stands for a contact, whichever is told first; one that was counted changes nothing but the reason; what was over begins
-- anew with another. An address left out (2) comes of what was told before: it always stands. Rows are locked in the order of contacts; a case that
-- somebody else holds is being corrected or worked on at this moment: the ledger never waits for it.
WITH ending AS MATERIALIZED (
  SELECT * FROM unnest(%(media)s::smallint[], %(states)s::smallint[], %(reasons)s::smallint[], %(statuses)s::smallint[])
           e(medium, state, reason, status)),
 ended AS MATERIALIZED (
  SELECT d.id, d.broadcast_id, d.contact_id, d.medium, d.reason, d.updated_at, d.shared, e.status, u.fresh
    FROM unnest(%(ids)s::bigint[], %(fresh)s::boolean[]) u(id, fresh) JOIN delivery d ON d.id = u.id
    JOIN ending e ON e.medium = d.medium AND e.state = d.state AND (e.reason IS NULL OR e.reason = d.reason)),
 meant AS MATERIALIZED (
  SELECT id, broadcast_id, reason, status, updated_at, fresh, contact_id FROM ended
  UNION ALL SELECT x.id, x.broadcast_id, x.reason, x.status, x.updated_at, x.fresh, c.contact_id
    FROM ended x JOIN cover c ON c.delivery_id = x.id WHERE x.shared),
 free AS MATERIALIZED (
  SELECT contact_id FROM attention WHERE contact_id IN (SELECT contact_id FROM meant) ORDER BY contact_id FOR UPDATE SKIP LOCKED),
 held AS MATERIALIZED (
  SELECT contact_id FROM attention WHERE contact_id IN (SELECT contact_id FROM meant) EXCEPT SELECT contact_id FROM free)
INSERT INTO attention AS a (organization_id, contact_id, recipient_id, medium, address_key, status, reason, since, last_at,
                            until, broadcast_id, delivery_id, times)
SELECT DISTINCT ON (c.id) %(organization)s, c.id, c.recipient_id, c.medium, c.address_key, m.status, m.reason,
       m.updated_at, m.updated_at, s.until, m.broadcast_id, m.id,
       CASE WHEN k.contact_id IS NULL THEN greatest(1, sum(m.fresh::int) OVER (PARTITION BY c.id))
            WHEN m.fresh AND m.id = k.delivery_id THEN 0  -- a record that is repeated after a cut
            ELSE sum(m.fresh::int) OVER (PARTITION BY c.id) END
  FROM meant m JOIN contact c ON c.id = m.contact_id AND c.state < 2  -- a retired one was mended before this came
  LEFT JOIN suppression s ON s.address_key = c.address_key AND s.medium = c.medium AND s.organization_id = %(organization)s
        AND s.until > now()
  LEFT JOIN attention k ON k.contact_id = c.id
 WHERE c.id NOT IN (SELECT contact_id FROM held)
 ORDER BY c.id, m.id DESC
ON CONFLICT (contact_id) DO UPDATE
   SET recipient_id = excluded.recipient_id, address_key = excluded.address_key, state = 0, until = excluded.until,
       status = CASE WHEN excluded.delivery_id < a.delivery_id AND excluded.status <> 2 THEN a.status ELSE excluded.status END,
       reason = CASE WHEN excluded.delivery_id < a.delivery_id AND excluded.status <> 2 THEN a.reason ELSE excluded.reason END,
       broadcast_id = CASE WHEN excluded.delivery_id < a.delivery_id AND excluded.status <> 2 THEN a.broadcast_id ELSE excluded.broadcast_id END,
       delivery_id = CASE WHEN excluded.delivery_id < a.delivery_id AND excluded.status <> 2 THEN a.delivery_id ELSE excluded.delivery_id END,
       last_at = greatest(a.last_at, excluded.last_at),
       since = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.since ELSE excluded.since END,
       times = CASE WHEN excluded.times = 0 OR a.state = 0 AND coalesce(a.until > now(), true) THEN a.times + excluded.times ELSE excluded.times END,
       assigned_to_id = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.assigned_to_id END,
       snoozed_until = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.snoozed_until END
 WHERE a.state = 0 OR excluded.times > 0
