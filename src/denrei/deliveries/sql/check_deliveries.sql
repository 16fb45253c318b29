-- Counters beside the ledger, in one snapshot: rows where they differ (there must be none).
SELECT concat_ws('/', 'delivery', medium, state, evidence, reason), coalesce(t.n, 0)::bigint, coalesce(l.n, 0)
  FROM (SELECT medium, state, evidence, reason, sum(n) AS n FROM tally WHERE broadcast_id = %(broadcast)s GROUP BY 1, 2, 3, 4) t
  FULL JOIN (SELECT medium, state, evidence, reason, count(*) AS n FROM delivery WHERE broadcast_id = %(broadcast)s GROUP BY 1, 2, 3, 4) l
       USING (medium, state, evidence, reason) WHERE coalesce(t.n, 0) <> coalesce(l.n, 0)
UNION ALL
SELECT 'planned', coalesce((SELECT sum(planned) FROM run WHERE broadcast_id = %(broadcast)s), 0)::bigint, count(*) FROM delivery
 WHERE broadcast_id = %(broadcast)s HAVING coalesce((SELECT sum(planned) FROM run WHERE broadcast_id = %(broadcast)s), 0) <> count(*)
