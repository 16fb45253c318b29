-- Chain what has certainly committed since the last seal, broadcast by broadcast: hashes over salted commitments.
WITH horizon AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + ledger_shift() AS x),
 since AS MATERIALIZED (SELECT coalesce((SELECT xid FROM seal_horizon WHERE organization_id = %(organization)s), 0) AS x),
 leaf AS MATERIALIZED (
  SELECT a.broadcast_id, sha256(uuid_send(a.salt) || convert_to(concat_ws('|', 'a', a.delivery_id, a.generation, a.kind, a.state, a.reason, a.phase,
           coalesce(a.gateway_id::text, ''), coalesce(a.took_ms::text, ''), extract(epoch FROM a.at), coalesce(a.provider_id, ''), coalesce(a.reply, '')), 'UTF8')) AS c
    FROM attempt a, since, horizon WHERE a.xid >= since.x AND a.xid < horizon.x AND a.organization_id = %(organization)s
  UNION ALL
  SELECT e.broadcast_id, sha256(uuid_send(e.salt) || convert_to(concat_ws('|', 'e', e.source, encode(e.event_key, 'hex'), coalesce(e.delivery_id::text, ''), e.fold_rank,
           e.state, e.evidence, e.reason, extract(epoch FROM e.received_at), coalesce(e.provider_id, ''), coalesce(e.raw, '')), 'UTF8'))
    FROM event e, since, horizon WHERE e.xid >= since.x AND e.xid < horizon.x AND e.organization_id = %(organization)s AND e.broadcast_id IS NOT NULL),
 root AS MATERIALIZED (SELECT broadcast_id, count(*) AS n, sha256(string_agg(c, ''::bytea ORDER BY c)) AS root FROM leaf GROUP BY 1),
 moved AS (
  INSERT INTO seal_horizon AS s (organization_id, xid) SELECT %(organization)s, x FROM horizon
  ON CONFLICT (organization_id) DO UPDATE SET xid = greatest(s.xid, excluded.xid))
INSERT INTO seal (organization_id, broadcast_id, no, horizon, n, root, hash)
SELECT %(organization)s, root.broadcast_id, coalesce(last.no, 0) + 1, horizon.x, root.n, root.root, sha256(coalesce(last.hash, ''::bytea) || root.root)
  FROM horizon CROSS JOIN root
  LEFT JOIN LATERAL (SELECT no, hash FROM seal s WHERE s.broadcast_id = root.broadcast_id ORDER BY no DESC LIMIT 1) last ON true
RETURNING broadcast_id, no, n
