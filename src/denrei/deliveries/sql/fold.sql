-- State by the highest rank, evidence by the highest human grade or else by that rank: order and repeats can't matter.
-- An event of a delivery that is WAITING stays in event_open until its owner has recorded it.
WITH told AS MATERIALIZED (
  SELECT e.source, e.event_key, e.delivery_id, e.fold_rank, e.state, e.evidence, e.reason
    FROM event_open e JOIN delivery d ON d.id = e.delivery_id
   WHERE e.organization_id = %(organization)s AND d.state <> 0 ORDER BY e.delivery_id LIMIT 5000 FOR UPDATE OF e SKIP LOCKED),
 gone AS (
  DELETE FROM event_open e USING told
   WHERE e.event_key = told.event_key AND e.source = told.source AND e.organization_id = %(organization)s),
 best AS MATERIALIZED (
  SELECT DISTINCT ON (delivery_id) delivery_id, fold_rank, state, evidence, reason,
         max(evidence) FILTER (WHERE evidence >= 3) OVER (PARTITION BY delivery_id) AS human
    FROM told ORDER BY delivery_id, fold_rank DESC),
 moved AS (
  UPDATE delivery d
     SET state = CASE WHEN d.fold_rank < b.fold_rank THEN b.state ELSE d.state END,
         reason = CASE WHEN d.fold_rank < b.fold_rank THEN b.reason ELSE d.reason END,
         fold_rank = greatest(d.fold_rank, b.fold_rank), updated_at = now(),
         evidence = CASE WHEN greatest(d.evidence, b.human) >= 3 THEN greatest(d.evidence, b.human)
                         WHEN d.fold_rank < b.fold_rank THEN b.evidence ELSE d.evidence END
    FROM best b
   WHERE d.id = b.delivery_id AND d.state <> 0 AND (d.fold_rank < b.fold_rank OR d.evidence < b.human)
  RETURNING d.id, d.state, d.reason)
SELECT (SELECT count(*) FROM told), coalesce((SELECT jsonb_agg(jsonb_build_array(id, state, reason)) FROM moved WHERE state = 3), '[]'::jsonb)
