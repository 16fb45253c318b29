-- Some deliveries of an emptied broadcast with their attempts, what was told of them, and whom else they reached. No
-- trigger counts a deletion: the counters stay what they were.
WITH old AS MATERIALIZED (
  SELECT id FROM delivery WHERE broadcast_id = %(broadcast)s ORDER BY recipient_id LIMIT %(few)s),
 tries AS (DELETE FROM attempt t USING old WHERE t.delivery_id = old.id RETURNING 1),
 told AS (DELETE FROM event t USING old WHERE t.delivery_id = old.id RETURNING 1),
 due AS (DELETE FROM event_open t USING old WHERE t.delivery_id = old.id RETURNING 1),
 shared AS (DELETE FROM cover t USING old WHERE t.delivery_id = old.id RETURNING 1),
 gone AS (DELETE FROM delivery t USING old WHERE t.id = old.id RETURNING 1)
SELECT (SELECT count(*) FROM tries) + (SELECT count(*) FROM told) + (SELECT count(*) FROM due)
     + (SELECT count(*) FROM shared) + (SELECT count(*) FROM gone)
