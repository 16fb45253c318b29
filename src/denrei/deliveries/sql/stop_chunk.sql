-- After a stop or the give-up time: some READY chunks of a lane at a time, of 500 deliveries or so, so that no lock is
-- held long and a wave of calls, each a chunk, takes no longer than one of mails.
WITH next AS MATERIALIZED (
  SELECT lane, greatest(open, 1) AS open FROM chunk WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s AND state = 0 LIMIT 1),
 free AS MATERIALIZED (
  SELECT id FROM chunk
   WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s AND state = 0 AND lane = (SELECT lane FROM next)
   LIMIT (SELECT greatest(500 / open, 1) FROM next) FOR UPDATE SKIP LOCKED),
 gone AS (
  UPDATE delivery d SET state = halt_state(%(reason)s::smallint), reason = %(reason)s, updated_at = now()
    FROM free WHERE d.chunk_id = free.id AND d.state = 0 RETURNING d.id),
 done AS (UPDATE chunk SET open = 0, state = 2 FROM free WHERE chunk.id = free.id)
SELECT (SELECT count(*) FROM free), (SELECT count(*) FROM gone)
