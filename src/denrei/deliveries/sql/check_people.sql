-- ... and the people: by grade, by who looked, by answer, and the grade itself by the evidence that is in the ledger.
WITH named AS MATERIALIZED (  -- on the roster and not in the audience: of a household some may have gone before
  SELECT count(*) AS n FROM roster t CROSS JOIN LATERAL unnest(t.people) l(id)
   WHERE t.broadcast_id = %(broadcast)s
     AND NOT EXISTS (SELECT FROM audience a WHERE a.broadcast_id = t.broadcast_id AND a.recipient_id = l.id))
SELECT concat_ws('/', 'person', grade, looked, nullif(choice, ''), CASE WHEN needs_help THEN 'help' END), coalesce(t.n, 0)::bigint, coalesce(l.n, 0)
  FROM (SELECT grade, looked, choice, needs_help, sum(n) AS n FROM people_tally WHERE broadcast_id = %(broadcast)s GROUP BY 1, 2, 3, 4) t
  FULL JOIN (SELECT grade, looked, choice, needs_help, sum(n) AS n FROM (
               SELECT grade, looked, choice, needs_help, count(*) AS n FROM audience WHERE broadcast_id = %(broadcast)s GROUP BY 1, 2, 3, 4
               UNION ALL SELECT 0, 0, '', false, n FROM named WHERE n > 0) x GROUP BY 1, 2, 3, 4) l
 USING (grade, looked, choice, needs_help)
 WHERE coalesce(t.n, 0) <> coalesce(l.n, 0)
UNION ALL
SELECT 'people', ran.n, meant.n
  FROM (SELECT coalesce(sum(people), 0)::bigint AS n FROM run WHERE broadcast_id = %(broadcast)s) ran,
       (SELECT count(*) + (SELECT n FROM named) AS n FROM audience WHERE broadcast_id = %(broadcast)s) meant
 WHERE ran.n <> meant.n
UNION ALL
SELECT 'grade', count(*) FILTER (WHERE best > a.grade), 0
  FROM audience a CROSS JOIN LATERAL (
    SELECT greatest((SELECT max(CASE WHEN d.shared THEN least(d.evidence, 3) ELSE d.evidence END) FROM delivery d WHERE d.broadcast_id = a.broadcast_id AND d.recipient_id = a.recipient_id),
                    (SELECT max(least(d.evidence, 3)) FROM cover c JOIN delivery d ON d.id = c.delivery_id
                      WHERE c.broadcast_id = a.broadcast_id AND c.recipient_id = a.recipient_id)) AS best) x
 WHERE a.broadcast_id = %(broadcast)s HAVING count(*) FILTER (WHERE best > a.grade) > 0
