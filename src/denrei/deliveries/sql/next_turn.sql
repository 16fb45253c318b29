-- After a call, or a chunk of calls that was reaped: the same person's next contact, or the first one again in
-- the next round. Nothing for a lane that is not sequential.
WITH ended AS MATERIALIZED (
  SELECT DISTINCT ON (d.recipient_id) d.broadcast_id, d.wave, d.recipient_id, d.medium, l.turn_gap_seconds, l.round_gap_seconds
    FROM delivery d JOIN lane l ON l.id = d.lane AND l.sequential WHERE d.id = ANY(%(ids)s::bigint[]) OR d.chunk_id = %(chunk)s),
 next AS MATERIALIZED (
  SELECT n.id, CASE WHEN n.tries = 0 THEN turn_gap_seconds ELSE round_gap_seconds END AS gap FROM ended e, LATERAL (
    SELECT d.id, d.tries FROM delivery d
     WHERE d.broadcast_id = e.broadcast_id AND d.recipient_id = e.recipient_id AND d.medium = e.medium AND d.wave = e.wave
       AND d.state = 0 AND d.chunk_id IS NULL AND d.next_at IS NULL
     ORDER BY d.tries, d.turn LIMIT 1) n
   WHERE NOT EXISTS (SELECT FROM delivery o WHERE o.broadcast_id = e.broadcast_id AND o.recipient_id = e.recipient_id
                        AND o.medium = e.medium AND o.wave = e.wave AND o.state = 0 AND (o.chunk_id IS NOT NULL OR o.next_at IS NOT NULL)))
UPDATE delivery d SET next_at = now() + next.gap * interval '1 second'
  FROM next WHERE d.id = next.id RETURNING d.id
