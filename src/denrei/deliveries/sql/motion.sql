-- Whether each unfinished broadcast moves. Another mark: a delivery was written, ended, or failed for another reason. It is
-- still while the mark stays and something is due: a slice, a chunk that is ready or leased, a retry whose time has come.
-- What happened while nobody looked for half a minute is not held against it.
WITH asked AS MATERIALIZED (
  SELECT broadcast_id, bool_or(stage = 0) AS slicing, sum(planned)::bigint AS planned FROM run
   WHERE broadcast_id = ANY(%(broadcasts)s::bigint[]) AND stage < 2 GROUP BY 1),
 marked AS MATERIALIZED (
  SELECT asked.*, hashtextextended(coalesce((
           SELECT string_agg(concat_ws('/', medium, state, evidence, reason, n), ' ' ORDER BY medium, state, evidence, reason)
             FROM (SELECT medium, state, evidence, reason, sum(n) AS n FROM tally t WHERE t.broadcast_id = asked.broadcast_id
                    GROUP BY 1, 2, 3, 4) cell), ''), planned) AS mark FROM asked)
INSERT INTO motion AS m (organization_id, broadcast_id, mark, still_since, seen_at)
SELECT %(organization)s, k.broadcast_id, k.mark,
       CASE WHEN old.mark IS DISTINCT FROM k.mark OR old.seen_at < now() - interval '30 seconds' THEN now()
            WHEN k.slicing
              OR EXISTS (SELECT FROM chunk c WHERE c.state = 1 AND c.broadcast_id = k.broadcast_id)
              OR EXISTS (SELECT FROM chunk c WHERE c.state = 0 AND c.broadcast_id = k.broadcast_id AND c.not_before <= now())
              OR EXISTS (SELECT FROM (SELECT broadcast_id FROM delivery WHERE organization_id = %(organization)s AND next_at <= now()
                                       ORDER BY next_at LIMIT 1000) due WHERE due.broadcast_id = k.broadcast_id)
            THEN old.still_since ELSE now() END, now()
  FROM marked k LEFT JOIN motion old ON old.broadcast_id = k.broadcast_id ORDER BY k.broadcast_id
ON CONFLICT (broadcast_id) DO UPDATE SET mark = excluded.mark, still_since = excluded.still_since, seen_at = excluded.seen_at
 WHERE m.seen_at < now() - interval '1 second'
