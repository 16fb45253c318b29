-- The next point of each curve, where the counters changed and the last one is old enough: at least two
-- seconds and the 300th part of the time since the latest wave began. Counters, and the first of what is due later.
WITH asked AS MATERIALIZED (
  SELECT broadcast_id, max(started_at) AS started FROM run WHERE broadcast_id = ANY(%(broadcasts)s::bigint[]) GROUP BY 1),
 people AS MATERIALIZED (
  SELECT broadcast_id, grade, sum(n) AS n, coalesce(sum(n) FILTER (WHERE looked = 2 AND grade < 3), 0) AS looked,
         coalesce(sum(n) FILTER (WHERE needs_help), 0) AS needs_help
    FROM people_tally WHERE broadcast_id = ANY(%(broadcasts)s::bigint[]) GROUP BY 1, 2),
 reached AS MATERIALIZED (
  SELECT broadcast_id, coalesce(sum(n) FILTER (WHERE grade = 4), 0) AS answered, coalesce(sum(n) FILTER (WHERE grade = 3), 0) AS read,
         coalesce(sum(n) FILTER (WHERE grade = 2), 0) AS device, coalesce(sum(n) FILTER (WHERE grade = 1), 0) AS handed_over,
         coalesce(sum(n) FILTER (WHERE grade = 0), 0) AS unreached, coalesce(sum(n) FILTER (WHERE grade = -1), 0) AS no_contact,
         sum(looked) AS looked, sum(needs_help) AS needs_help FROM people GROUP BY 1),
 waits AS MATERIALIZED (
  SELECT broadcast_id, sum(n) AS n FROM tally WHERE broadcast_id = ANY(%(broadcasts)s::bigint[]) AND state = 0 GROUP BY 1),
 held AS MATERIALIZED (
  SELECT broadcast_id, sum(open) AS n FROM chunk WHERE state = 1 AND organization_id = %(organization)s GROUP BY 1),
 later AS MATERIALIZED (
  SELECT broadcast_id, min(next_at) AS at
    FROM (SELECT broadcast_id, next_at FROM delivery WHERE organization_id = %(organization)s AND next_at IS NOT NULL
           ORDER BY next_at LIMIT 1000) soon GROUP BY 1),
 now_is AS (
  SELECT asked.broadcast_id, asked.started, reached.answered, reached.read, reached.device, reached.handed_over, reached.unreached,
         reached.no_contact, reached.looked, reached.needs_help, coalesce(waits.n, 0) - coalesce(held.n, 0) AS waiting,
         coalesce(held.n, 0) AS in_work, later.at AS next_at
    FROM asked JOIN reached USING (broadcast_id) LEFT JOIN waits USING (broadcast_id) LEFT JOIN held USING (broadcast_id)
    LEFT JOIN later USING (broadcast_id))
INSERT INTO pulse (organization_id, broadcast_id, at, answered, read, device, handed_over, unreached, no_contact, looked, needs_help,
                   waiting, in_work, next_at)
SELECT %(organization)s, n.broadcast_id, statement_timestamp(), n.answered, n.read, n.device, n.handed_over, n.unreached, n.no_contact,
       n.looked, n.needs_help, n.waiting, n.in_work, n.next_at
  FROM now_is n CROSS JOIN LATERAL (SELECT * FROM pulse p WHERE p.broadcast_id = n.broadcast_id ORDER BY at DESC LIMIT 1) last
 WHERE statement_timestamp() - last.at >= greatest(%(least)s * interval '1 second', (statement_timestamp() - n.started) / %(points)s)
   AND (n.answered, n.read, n.device, n.handed_over, n.unreached, n.no_contact, n.looked, n.needs_help, n.waiting, n.in_work, n.next_at)
       IS DISTINCT FROM (last.answered, last.read, last.device, last.handed_over, last.unreached, last.no_contact, last.looked,
                         last.needs_help, last.waiting, last.in_work, last.next_at)
RETURNING broadcast_id
