-- ... and what was told later of them. Of one person's file not what others of the household answered.
SELECT e.source, encode(e.event_key, 'hex') AS key, e.delivery_id AS delivery, NULL::bigint AS matched, e.fold_rank AS rank,
       e.state, e.evidence, e.reason, e.received_at AS at, e.provider_id, e.raw,
       EXISTS (SELECT FROM event_open o WHERE o.event_key = e.event_key AND o.source = e.source
                  AND o.organization_id = e.organization_id) AS open,
       e.broadcast_id IS NOT NULL AS sealable, e.salt, e.xid
  FROM chosen JOIN event e ON e.delivery_id = chosen.id
 WHERE CASE WHEN %(covered)s AND e.source = 1 THEN (e.raw::jsonb ->> 'recipient')::bigint > %(after)s
                                               AND (e.raw::jsonb ->> 'recipient')::bigint <= %(upto)s ELSE true END
 ORDER BY chosen.recipient_id, e.received_at, e.source, e.event_key
