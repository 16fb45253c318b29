-- What stays of a broadcast whose rows are deleted (OPS-8): its counters beside what its waves say, and the chain of its
-- seals, each link of which still follows from the one before. Rows where they differ (there must be none).
SELECT 'people', ran.n, meant.n
  FROM (SELECT coalesce(sum(people), 0)::bigint AS n FROM run WHERE broadcast_id = %(broadcast)s) ran,
       (SELECT coalesce(sum(n), 0)::bigint AS n FROM people_tally WHERE broadcast_id = %(broadcast)s) meant
 WHERE ran.n <> meant.n
UNION ALL
SELECT 'planned', ran.n, kept.n
  FROM (SELECT coalesce(sum(planned), 0)::bigint AS n FROM run WHERE broadcast_id = %(broadcast)s) ran,
       (SELECT coalesce(sum(n), 0)::bigint AS n FROM tally WHERE broadcast_id = %(broadcast)s) kept
 WHERE ran.n <> kept.n
UNION ALL
SELECT concat_ws('/', 'seal', s.no), 1, 0
  FROM (SELECT no, hash, root, lag(no, 1, 0::bigint) OVER w AS before, lag(hash, 1, ''::bytea) OVER w AS last
          FROM seal WHERE broadcast_id = %(broadcast)s WINDOW w AS (ORDER BY no)) s
 WHERE s.no <> s.before + 1 OR s.hash <> sha256(s.last || s.root)
