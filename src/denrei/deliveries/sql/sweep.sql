-- Cancel what waits for people who answered, where no worker holds it; what is leased is its owner's to cancel (GATE).
-- Tells how many people, and which calls ended: a number that others of a household share has its turn next.
WITH told AS MATERIALIZED (
  SELECT broadcast_id, recipient_id, reason FROM halt
   WHERE broadcast_id = %(broadcast)s AND NOT swept AND recipient_id > 0 LIMIT 2000 FOR UPDATE SKIP LOCKED),
 target AS MATERIALIZED (
  SELECT d.id, d.chunk_id, d.wave, d.recipient_id, d.shared FROM told
    JOIN delivery d ON d.broadcast_id = told.broadcast_id AND d.recipient_id = told.recipient_id WHERE d.state = 0
  UNION
  SELECT d.id, d.chunk_id, d.wave, d.recipient_id, d.shared FROM told
    JOIN cover c ON c.broadcast_id = told.broadcast_id AND c.recipient_id = told.recipient_id
    JOIN delivery d ON d.id = c.delivery_id WHERE d.state = 0),
 free AS MATERIALIZED (
  SELECT id FROM chunk WHERE state = 0 AND id IN (SELECT chunk_id FROM target) ORDER BY id FOR UPDATE),
 gone AS (
  UPDATE delivery d SET state = halt_state(x.reason), reason = x.reason, next_at = NULL, updated_at = now()
    FROM (SELECT t.id, halted(%(broadcast)s, t.wave, t.recipient_id, t.id, t.shared) AS reason FROM target t) x
   WHERE d.id = x.id AND x.reason IS NOT NULL AND d.state = 0
     AND (d.chunk_id IS NULL OR d.chunk_id IN (SELECT id FROM free))
  RETURNING d.id, d.chunk_id, d.lane),
 left_over AS (
  UPDATE chunk SET open = open - x.n, state = CASE WHEN open = x.n THEN 2 ELSE 0 END
    FROM (SELECT chunk_id, count(*) AS n FROM gone WHERE chunk_id IS NOT NULL GROUP BY 1) x WHERE chunk.id = x.chunk_id),
 swept AS (
  UPDATE halt h SET swept = true FROM told WHERE h.broadcast_id = told.broadcast_id AND h.recipient_id = told.recipient_id)
SELECT (SELECT count(*) FROM told), (SELECT array_agg(gone.id) FROM gone JOIN lane l ON l.id = gone.lane AND l.sequential)
