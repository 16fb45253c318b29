-- Count a failure against an address (EMC-6); `until` of the verdict decides whether the next broadcast is silent.
-- The last deliveries that count are kept by number: each counts once, however often and in whatever order they are told
-- (`fresh`: not one of which another reason was known before); the last one gives the reason. None counts where a human
-- was heard on a later message.
-- What waits for that address in other broadcasts is marked: LOAD asks again about it. A row that is locked is
-- being recorded at this moment.
WITH told AS MATERIALIZED (
  SELECT c.medium, c.address_key, (array_agg(u.reason ORDER BY d.id DESC))[1] AS reason, max(u.days) FILTER (WHERE u.needed <= 1) AS days,
         max(d.id) AS delivery_id, max(d.id) FILTER (WHERE u.needed <= 1) AS firm_id,
         coalesce((array_agg(d.id ORDER BY d.id DESC) FILTER (WHERE u.fresh))[1:%(strikes)s], '{}') AS strikes
    FROM unnest(%(ids)s::bigint[], %(reasons)s::smallint[], %(needed)s::smallint[], %(days)s::int[], %(fresh)s::boolean[])
           u(id, reason, needed, days, fresh)
    JOIN delivery d ON d.id = u.id JOIN contact c ON c.id = d.contact_id
   WHERE (SELECT true FROM audience l JOIN delivery n ON n.broadcast_id = l.broadcast_id AND n.recipient_id = l.recipient_id AND n.contact_id = d.contact_id
           WHERE l.recipient_id = d.recipient_id AND l.broadcast_id >= d.broadcast_id AND n.id + 0 > d.id AND n.evidence >= 3 LIMIT 1) IS NULL
     AND (SELECT true FROM audience l JOIN cover v ON v.broadcast_id = l.broadcast_id AND v.recipient_id = l.recipient_id AND v.contact_id = d.contact_id
            JOIN delivery n ON n.id = v.delivery_id
           WHERE l.recipient_id = d.recipient_id AND l.broadcast_id >= d.broadcast_id AND v.delivery_id > d.id AND n.evidence >= 3 LIMIT 1) IS NULL GROUP BY 1, 2),
 counted AS (
INSERT INTO suppression AS s (organization_id, medium, address_key, reason, strikes, streak, firm_id, since, until, delivery_id)
SELECT %(organization)s, told.medium, told.address_key, told.reason, told.strikes, cardinality(told.strikes), told.firm_id, now(),
       coalesce(now() + coalesce(nullif(days, 0), CASE WHEN cardinality(told.strikes) >= %(strikes)s THEN %(strike_days)s END) * interval '1 day', '-infinity'),
       told.delivery_id
  FROM told LEFT JOIN suppression k ON k.organization_id = %(organization)s AND k.address_key = told.address_key AND k.medium = told.medium
 WHERE told.strikes <> '{}' OR k.address_key IS NOT NULL  -- another reason of what was counted before is none where that is over
 ORDER BY told.address_key, told.medium
ON CONFLICT (address_key, medium, organization_id) DO UPDATE
   SET (strikes, streak) = (
         SELECT kept, cardinality(kept) FROM (
           SELECT ARRAY(SELECT DISTINCT one FROM unnest(s.strikes || excluded.strikes) one ORDER BY one DESC LIMIT %(strikes)s)) both_of(kept)),
       firm_id = greatest(s.firm_id, excluded.firm_id), delivery_id = greatest(s.delivery_id, excluded.delivery_id),
       reason = CASE WHEN excluded.delivery_id < s.delivery_id THEN s.reason ELSE excluded.reason END,
       released_at = CASE WHEN excluded.strikes <@ s.strikes THEN s.released_at END, released_by = CASE WHEN excluded.strikes <@ s.strikes THEN s.released_by END,
       since = CASE WHEN s.until > now() THEN s.since ELSE now() END,
       until = CASE WHEN excluded.until > now() THEN greatest(s.until, excluded.until)
                    WHEN NOT excluded.strikes <@ s.strikes AND (SELECT count(DISTINCT one) FROM unnest(s.strikes || excluded.strikes) one) >= %(strikes)s
                      THEN now() + %(strike_days)s * interval '1 day' ELSE s.until END
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
