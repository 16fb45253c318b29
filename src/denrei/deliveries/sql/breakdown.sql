-- Count the people of a broadcast by unit (as frozen) and by group (as they are in it now; in several: in each of them).
WITH person AS MATERIALIZED (
  SELECT recipient_id, coalesce(unit_id, 0) AS unit, grade, (looked = 2 AND grade < 3)::int AS looked, needs_help::int AS needs_help
    FROM audience WHERE broadcast_id = %(broadcast)s),
 cell AS MATERIALIZED (
  SELECT 1 AS kind, unit AS key, grade, count(*) AS n, sum(looked) AS looked, sum(needs_help) AS needs_help FROM person GROUP BY 2, 3
  UNION ALL
  SELECT 2, coalesce(m.group_id, 0), grade, count(*), sum(looked), sum(needs_help)
    FROM person LEFT JOIN group_member m ON m.recipient_id = person.recipient_id GROUP BY 2, 3),
 gone AS (
  DELETE FROM breakdown b WHERE b.broadcast_id = %(broadcast)s AND NOT EXISTS (SELECT FROM cell c WHERE c.kind = b.kind AND c.key = b.key))
INSERT INTO breakdown AS b (organization_id, broadcast_id, kind, key, people, answered, reached, unreached, no_contact, looked, needs_help,
                            counted_at, took_ms)
SELECT %(organization)s, %(broadcast)s, kind, key, sum(n), coalesce(sum(n) FILTER (WHERE grade = 4), 0),
       coalesce(sum(n) FILTER (WHERE grade BETWEEN 1 AND 3), 0), coalesce(sum(n) FILTER (WHERE grade = 0), 0),
       coalesce(sum(n) FILTER (WHERE grade = -1), 0), sum(looked), sum(needs_help), statement_timestamp(),
       (extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000)::int
  FROM cell GROUP BY kind, key
ON CONFLICT (broadcast_id, kind, key) DO UPDATE
   SET people = excluded.people, answered = excluded.answered, reached = excluded.reached, unreached = excluded.unreached,
       no_contact = excluded.no_contact, looked = excluded.looked, needs_help = excluded.needs_help,
       counted_at = excluded.counted_at, took_ms = excluded.took_ms
