-- What is due (a retry, a later medium, the next turn) into new chunks by (broadcast, wave, lane, pass).
-- Pass: how often the person was tried, by all of their numbers where these are called in turn: nobody twice
-- before everybody once (NEW-11).
WITH due AS MATERIALIZED (
  SELECT d.id, d.broadcast_id, d.wave, d.lane, l.chunk_size AS size, r.priority,
         CASE WHEN l.sequential THEN (SELECT sum(o.tries) FROM delivery o WHERE o.broadcast_id = d.broadcast_id
                                         AND o.recipient_id = d.recipient_id AND o.medium = d.medium AND o.wave = d.wave)
              ELSE d.tries END::smallint AS pass
    FROM delivery d JOIN run r ON r.broadcast_id = d.broadcast_id AND r.wave = d.wave JOIN lane l ON l.id = d.lane
   WHERE d.organization_id = %(organization)s AND d.next_at <= now() AND d.state = 0
   ORDER BY d.next_at LIMIT 5000 FOR UPDATE OF d SKIP LOCKED),
 placed AS MATERIALIZED (
  SELECT *, (row_number() OVER (PARTITION BY broadcast_id, wave, lane, pass ORDER BY id) - 1) / size AS k FROM due),
 piece AS MATERIALIZED (
  SELECT broadcast_id, wave, lane, pass, priority, k, n, -nextval('recut_seq') AS id
    FROM (SELECT broadcast_id, wave, lane, pass, priority, k, count(*) AS n FROM placed GROUP BY 1, 2, 3, 4, 5, 6) x),
 moved AS (
  UPDATE delivery d SET chunk_id = piece.id, next_at = NULL
    FROM placed p JOIN piece USING (broadcast_id, wave, lane, pass, k) WHERE d.id = p.id)
INSERT INTO chunk (organization_id, id, broadcast_id, wave, lane, priority, pass, rank, open)
SELECT %(organization)s, id, broadcast_id, wave, lane, priority, pass,
       coalesce((SELECT min(rank) FROM chunk c WHERE c.state = 0 AND c.lane = piece.lane AND c.priority = piece.priority AND c.pass = piece.pass), 0) + k, n
  FROM piece RETURNING lane
