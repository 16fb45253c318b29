-- The commitments of one seal's leaves, for the file of one person: as the deliveries room sealed them (seal.sql).
SELECT sha256(uuid_send(a.salt) || convert_to(concat_ws('|', 'a', a.delivery_id, a.generation, a.kind, a.state, a.reason, a.phase,
         coalesce(a.gateway_id::text, ''), coalesce(a.took_ms::text, ''), extract(epoch FROM a.at), coalesce(a.provider_id, ''), coalesce(a.reply, '')), 'UTF8')) AS commitment
  FROM attempt a WHERE a.broadcast_id = %(broadcast)s AND a.xid >= %(first)s AND a.xid < %(horizon)s
UNION ALL
SELECT sha256(uuid_send(e.salt) || convert_to(concat_ws('|', 'e', e.source, encode(e.event_key, 'hex'), coalesce(e.delivery_id::text, ''), e.fold_rank,
         e.state, e.evidence, e.reason, extract(epoch FROM e.received_at), coalesce(e.provider_id, ''), coalesce(e.raw, '')), 'UTF8'))
  FROM event e WHERE e.broadcast_id = %(broadcast)s AND e.xid >= %(first)s AND e.xid < %(horizon)s
 ORDER BY 1
