-- State by the highest rank, evidence by the highest human grade or else by that rank: order and repeats can't matter.
-- Of two reasons for one rank the first in the list of reasons stands. An event of a delivery that is WAITING stays in event_open until its owner has recorded it.
-- By the key of deliveries from `after` on, so that each look costs what it takes and not what is left.
-- What a delivery was before tells what is new of it: only that is counted. A row that somebody holds is folded in the next round.
-- Whoever holds the delivery holds its events: they need no lock of their own. One that another folded meanwhile moves nothing.
WITH seen AS MATERIALIZED (
  SELECT ctid AS place, delivery_id, fold_rank, state, evidence, reason
    FROM event_open WHERE organization_id = %(organization)s AND delivery_id >= %(after)s
   ORDER BY delivery_id LIMIT 5000),
 told AS MATERIALIZED (
  SELECT s.place, s.delivery_id, s.fold_rank, s.state, s.evidence, s.reason, d.state AS old_state, d.reason AS old_reason, d.evidence AS old_evidence
    FROM seen s JOIN delivery d ON d.id = s.delivery_id WHERE d.state <> 0 FOR UPDATE OF d SKIP LOCKED),
 gone AS (DELETE FROM event_open e USING told WHERE e.ctid = told.place),
 best AS MATERIALIZED (
  SELECT DISTINCT ON (delivery_id) delivery_id, fold_rank, state, evidence, reason, old_state, old_reason, old_evidence, max(evidence) OVER w AS best_evidence
    FROM told WINDOW w AS (PARTITION BY delivery_id ORDER BY fold_rank DESC, reason ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
   ORDER BY delivery_id, fold_rank DESC, reason),
 moved AS (  -- 5, 6, 7: cancelled, expired, suppressed by us; no event takes that back, evidence still counts
  UPDATE delivery d
     SET state = CASE WHEN d.fold_rank < b.fold_rank AND d.state NOT IN (5, 6, 7) THEN b.state ELSE d.state END,
         reason = CASE WHEN b.fold_rank > 0 AND (d.fold_rank, -d.reason) < (b.fold_rank, -b.reason) AND d.state NOT IN (5, 6, 7) THEN b.reason ELSE d.reason END,
         fold_rank = CASE WHEN d.state NOT IN (5, 6, 7) THEN greatest(d.fold_rank, b.fold_rank) ELSE d.fold_rank END,
         evidence = CASE WHEN d.state IN (5, 6, 7) OR greatest(d.evidence, b.best_evidence) >= 3 THEN greatest(d.evidence, b.best_evidence)
                         WHEN d.fold_rank < b.fold_rank THEN b.evidence ELSE d.evidence END,
         updated_at = now()
    FROM best b
   WHERE d.id = b.delivery_id AND d.state <> 0
     AND (b.fold_rank > 0 AND (d.fold_rank, -d.reason) < (b.fold_rank, -b.reason) OR d.evidence < b.best_evidence)
  RETURNING d.id, d.medium, d.state, d.reason, d.evidence, b.old_state, b.old_reason, b.old_evidence)
SELECT (SELECT count(*) FROM seen), (SELECT max(delivery_id) FROM seen), (SELECT count(*) FROM told),
       -- came back, and no human has read it: with the reason that was known before, 0 for none
       coalesce((SELECT jsonb_agg(jsonb_build_array(id, reason, CASE WHEN old_state IN (3, 4) THEN old_reason ELSE 0 END))
                   FROM moved WHERE state = 3 AND evidence < 3), '[]'::jsonb),
       coalesce((SELECT array_agg(id) FROM moved WHERE evidence >= 3 AND old_evidence < 3), '{}'::bigint[]),  -- a human has it: ends what was counted against its address before
       coalesce((SELECT jsonb_agg(jsonb_build_array(id, medium, state, reason, old_state, old_reason))
                   FROM moved WHERE state IN (3, 4, 8) AND evidence < 3), '[]'::jsonb)  -- may ask an operator to act
