-- After a call: the same person's next contact, or the first one again in the next round.
WITH ended AS MATERIALIZED (
  SELECT DISTINCT ON (recipient_id) broadcast_id, wave, recipient_id, medium FROM delivery WHERE id = ANY(%(ids)s::bigint[])),
 next AS MATERIALIZED (
  SELECT n.id, n.tries FROM ended e, LATERAL (
    SELECT d.id, d.tries FROM delivery d
     WHERE d.broadcast_id = e.broadcast_id AND d.recipient_id = e.recipient_id AND d.medium = e.medium AND d.wave = e.wave
       AND d.state = 0 AND d.chunk_id IS NULL AND d.next_at IS NULL
     ORDER BY d.tries, d.turn LIMIT 1) n
   WHERE NOT EXISTS (SELECT FROM delivery o WHERE o.broadcast_id = e.broadcast_id AND o.recipient_id = e.recipient_id
                        AND o.medium = e.medium AND o.wave = e.wave AND o.state = 0 AND (o.chunk_id IS NOT NULL OR o.next_at IS NOT NULL)))
UPDATE delivery d SET next_at = now() + CASE WHEN next.tries = 0 THEN %(turn_gap)s ELSE %(round_gap)s END * interval '1 second'
  FROM next WHERE d.id = next.id RETURNING d.id
