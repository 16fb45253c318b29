-- Count a failure against an address (EMC-6); `until` of the verdict decides whether the next broadcast is silent.
-- What waits for that address in other broadcasts is marked: LOAD asks again about it. A row that is locked is
-- being recorded at this moment.
WITH counted AS (
INSERT INTO suppression AS s (organization_id, medium, address_key, reason, streak, since, until, delivery_id)
SELECT DISTINCT ON (c.address_key, c.medium) %(organization)s, c.medium, c.address_key, u.reason, 1, now(),
       CASE WHEN u.needed <= 1 THEN now() + u.days * interval '1 day' ELSE '-infinity' END, d.id
  FROM unnest(%(ids)s::bigint[], %(reasons)s::smallint[], %(needed)s::smallint[], %(days)s::int[]) u(id, reason, needed, days)
  JOIN delivery d ON d.id = u.id JOIN contact c ON c.id = d.contact_id
 ORDER BY c.address_key, c.medium, u.needed
ON CONFLICT (address_key, medium, organization_id) DO UPDATE
   SET streak = s.streak + 1, reason = excluded.reason, delivery_id = excluded.delivery_id, released_at = NULL, released_by = NULL,
       since = CASE WHEN s.until > now() THEN s.since ELSE now() END,
       until = CASE WHEN excluded.until > now() THEN greatest(s.until, excluded.until)
                    WHEN s.streak + 1 >= %(strikes)s THEN now() + %(strike_days)s * interval '1 day' ELSE s.until END
 WHERE s.delivery_id IS DISTINCT FROM excluded.delivery_id
RETURNING address_key, medium, until),
 open AS MATERIALIZED (SELECT broadcast_id, wave FROM run WHERE organization_id = %(organization)s AND stage < 2),
 suspected AS MATERIALIZED (  -- whole keys of deliveries: without its broadcast a delivery is looked for in all of them
  SELECT open.broadcast_id, open.wave, c.id, c.recipient_id, c.medium
    FROM open CROSS JOIN counted
    JOIN contact c ON c.organization_id = %(organization)s AND c.address_key = counted.address_key AND c.medium = counted.medium
   WHERE counted.until > now()),
 waits AS MATERIALIZED (
  SELECT d.id FROM suspected s
    JOIN delivery d ON d.broadcast_id = s.broadcast_id AND d.recipient_id = s.recipient_id AND d.contact_id = s.id AND d.medium = s.medium AND d.wave = s.wave
   WHERE d.state = 0 AND NOT d.watched FOR UPDATE OF d SKIP LOCKED)
UPDATE delivery d SET watched = true FROM waits WHERE d.id = waits.id
