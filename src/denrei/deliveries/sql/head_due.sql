-- Broadcasts that ended and whose head was not mailed since (NEW-1), a minute after the end: what came with the end is
-- sealed by then. Tries are those of the newest wave. Names nobody.
SELECT organization_id, broadcast_id FROM (
  SELECT organization_id, broadcast_id, min(stage) AS stage, max(finished_at) AS ended, max(head_told_at) AS told,
         (array_agg(head_tries ORDER BY wave DESC))[1] AS tries, (array_agg(head_next_at ORDER BY wave DESC))[1] AS next_at
    FROM run GROUP BY 1, 2) b
 WHERE stage = 2 AND ended BETWEEN now() - interval '7 days' AND now() - interval '1 minute'
   AND coalesce(told, '-infinity') < ended AND coalesce(next_at, '-infinity') <= now() AND tries < %(most)s
