-- Ended broadcasts of the organization whose time is over, the oldest first, and why one stays for all that ('' goes):
-- held by an administrator; the audit found a difference; somebody still has to act on it; something of it is younger, is
-- not folded, counted or sealed yet, or may still be sent.
WITH sealed AS MATERIALIZED (
  SELECT coalesce((SELECT xid FROM seal_horizon WHERE organization_id = %(organization)s), 0) AS to_xid),
 bare AS MATERIALIZED (
  SELECT a.broadcast_id FROM attempt a, sealed WHERE a.organization_id = %(organization)s AND a.xid >= sealed.to_xid
  UNION SELECT e.broadcast_id FROM event e, sealed WHERE e.organization_id = %(organization)s AND e.xid >= sealed.to_xid),
 ran AS MATERIALIZED (
  SELECT broadcast_id, max(finished_at) AS ended_at, bool_or(broken_at IS NOT NULL) AS is_broken,
         bool_and(counted_at IS NOT NULL) AS is_counted
    FROM run WHERE organization_id = %(organization)s GROUP BY 1 HAVING bool_and(stage = 2 AND finished_at < %(until)s))
SELECT ran.broadcast_id,
       CASE WHEN EXISTS (SELECT FROM hold h WHERE h.broadcast_id = ran.broadcast_id) THEN 'held'
            WHEN ran.is_broken THEN 'broken'
            WHEN EXISTS (SELECT FROM help_call c WHERE c.broadcast_id = ran.broadcast_id AND c.closed_at IS NULL) THEN 'open'
            WHEN EXISTS (SELECT FROM attention a WHERE a.broadcast_id = ran.broadcast_id AND a.state = 0
                            AND coalesce(a.until > now(), true)) THEN 'open'
            WHEN EXISTS (SELECT FROM received_mail m WHERE m.organization_id = %(organization)s AND m.waits
                            AND m.broadcast_id = ran.broadcast_id) THEN 'open'
            WHEN NOT ran.is_counted
              OR ran.broadcast_id IN (SELECT broadcast_id FROM bare WHERE broadcast_id IS NOT NULL)
              OR EXISTS (SELECT FROM reminder m WHERE m.broadcast_id = ran.broadcast_id AND m.state = 'waiting')
              OR EXISTS (SELECT FROM roster t WHERE t.broadcast_id = ran.broadcast_id)
              OR EXISTS (SELECT FROM chunk c WHERE c.broadcast_id = ran.broadcast_id AND c.state < 2)
              OR EXISTS (SELECT FROM response p WHERE p.broadcast_id = ran.broadcast_id AND p.at >= %(until)s) THEN 'unsettled'
            ELSE '' END AS why
  FROM ran
 WHERE NOT EXISTS (SELECT FROM emptied e WHERE e.broadcast_id = ran.broadcast_id)
   AND (%(broadcast)s::bigint IS NULL OR ran.broadcast_id = %(broadcast)s)
 ORDER BY ran.ended_at, ran.broadcast_id
