-- Of these people: who had a page opened, by whichever delivery, by what may have been a human. A look does not count where
-- the same address and program followed the link that no human sees, on the same page and within moments of it.
SELECT person FROM unnest(%(people)s::bigint[]) person
 WHERE EXISTS (
   SELECT FROM (
     SELECT d.id FROM delivery d WHERE d.broadcast_id = %(broadcast)s AND d.recipient_id = person
     UNION ALL SELECT c.delivery_id FROM cover c WHERE c.broadcast_id = %(broadcast)s AND c.recipient_id = person) own
   CROSS JOIN LATERAL (
     SELECT FROM page_view v
      WHERE v.broadcast_id = %(broadcast)s AND v.delivery_id = own.id AND v.kind = 'open' AND NOT EXISTS (
        SELECT FROM page_view trap
         WHERE trap.broadcast_id = v.broadcast_id AND trap.delivery_id = v.delivery_id AND trap.kind = 'canary'
           AND trap.address = v.address AND trap.user_agent = v.user_agent
           AND trap.at BETWEEN v.at - %(betrayed)s * interval '1 second' AND v.at + %(betrayed)s * interval '1 second')
      LIMIT 1) look)
