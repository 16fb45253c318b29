-- Broadcasts that ended and whose head was not mailed since (NEW-1), a minute after the end: what came with the end is
-- sealed by then. Names nobody.
SELECT organization_id, broadcast_id FROM run
 GROUP BY 1, 2
HAVING min(stage) = 2 AND max(finished_at) BETWEEN now() - interval '7 days' AND now() - interval '1 minute'
   AND max(head_told_at) IS DISTINCT FROM greatest(max(head_told_at), max(finished_at))
   AND coalesce(max(head_next_at), '-infinity') <= now() AND max(head_tries) < %(most)s
