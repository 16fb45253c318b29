-- How each of some broadcasts stands, for lists: from counters, never from the ledger.
SELECT r.broadcast_id, sum(r.people)::bigint, min(r.stage),
       (SELECT coalesce(sum(n), 0)::bigint FROM people_tally t WHERE t.broadcast_id = r.broadcast_id AND t.grade = 4),
       (SELECT coalesce(sum(n), 0)::bigint FROM people_tally t WHERE t.broadcast_id = r.broadcast_id AND t.grade BETWEEN 1 AND 3),
       (SELECT coalesce(jsonb_agg(DISTINCT reason), '[]') FROM halt h WHERE h.broadcast_id = r.broadcast_id AND h.recipient_id = -max(r.wave))
  FROM run r WHERE r.broadcast_id = ANY(%(broadcasts)s) GROUP BY r.broadcast_id
