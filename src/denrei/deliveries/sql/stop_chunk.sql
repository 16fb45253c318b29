-- After a stop or the give-up time: one READY chunk at a time, so that no lock is held long.
WITH free AS MATERIALIZED (
  SELECT id FROM chunk WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s AND state = 0 LIMIT 1 FOR UPDATE SKIP LOCKED),
 gone AS (
  UPDATE delivery d SET state = halt_state(%(reason)s::smallint), reason = %(reason)s, updated_at = now()
    FROM free WHERE d.chunk_id = free.id AND d.state = 0 RETURNING d.id),
 done AS (UPDATE chunk SET open = 0, state = 2 FROM free WHERE chunk.id = free.id)
SELECT (SELECT count(*) FROM free), (SELECT count(*) FROM gone)
