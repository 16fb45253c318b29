-- ... and what is in no chunk: retries, later turns and media; from person to person, so that nothing is read twice.
WITH target AS MATERIALIZED (
  SELECT id, recipient_id FROM delivery
   WHERE broadcast_id = %(broadcast)s AND recipient_id > %(after)s AND wave = %(wave)s AND state = 0 AND chunk_id IS NULL
   ORDER BY recipient_id LIMIT 5000 FOR UPDATE SKIP LOCKED),
 gone AS (
  UPDATE delivery d SET state = halt_state(%(reason)s::smallint), reason = %(reason)s, next_at = NULL, updated_at = now()
    FROM target WHERE d.id = target.id AND d.state = 0 AND d.chunk_id IS NULL RETURNING d.id)
SELECT (SELECT count(*) FROM gone), (SELECT max(recipient_id) FROM target)
