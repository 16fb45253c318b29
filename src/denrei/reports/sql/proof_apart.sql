-- What was told and names no delivery: answers that operators noted, receipts that know only the provider's name
-- (`matched`: the delivery of the attempt with that name). Of one person's file as with the other events.
SELECT e.source, encode(e.event_key, 'hex') AS key, e.delivery_id AS delivery, named.delivery_id AS matched, e.fold_rank AS rank,
       e.state, e.evidence, e.reason, e.received_at AS at, e.provider_id, e.raw,
       EXISTS (SELECT FROM event_open o WHERE o.event_key = e.event_key AND o.source = e.source
                  AND o.organization_id = e.organization_id) AS open,
       e.broadcast_id IS NOT NULL AS sealable, e.salt, e.xid
  FROM event e
  LEFT JOIN LATERAL (
    SELECT a.delivery_id, d.recipient_id FROM attempt a JOIN delivery d ON d.id = a.delivery_id
     WHERE a.provider_id <> '' AND a.provider_id = e.provider_id AND a.broadcast_id = %(broadcast)s
     ORDER BY a.delivery_id LIMIT 1) named ON true
 WHERE e.delivery_id IS NULL AND (e.broadcast_id = %(broadcast)s OR e.broadcast_id IS NULL AND named.delivery_id IS NOT NULL)
   AND CASE WHEN NOT %(covered)s THEN true
            WHEN e.source = 1 THEN (e.raw::jsonb ->> 'recipient')::bigint > %(after)s AND (e.raw::jsonb ->> 'recipient')::bigint <= %(upto)s
            ELSE named.recipient_id > %(after)s AND named.recipient_id <= %(upto)s END
 ORDER BY e.received_at, e.source, e.event_key
