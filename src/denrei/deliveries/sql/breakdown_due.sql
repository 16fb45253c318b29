-- Broadcasts whose people changed since they were counted by unit and group, where the last count is old enough: a second
-- and twenty times what it took. Unfinished ones are counted now and then anyway: two changes may cancel each other out.
SELECT b.id FROM unnest(%(broadcasts)s::bigint[], %(unfinished)s::boolean[]) b(id, unfinished)
  CROSS JOIN LATERAL (
    SELECT max(counted_at) AS at, max(took_ms) AS took, sum(people) AS people, sum(answered) AS answered, sum(reached) AS reached,
           sum(unreached) AS unreached, sum(looked) AS looked, sum(needs_help) AS needs_help
      FROM breakdown WHERE broadcast_id = b.id AND kind = 1) counted
  CROSS JOIN LATERAL (
    SELECT sum(n) AS people, coalesce(sum(n) FILTER (WHERE grade = 4), 0) AS answered,
           coalesce(sum(n) FILTER (WHERE grade BETWEEN 1 AND 3), 0) AS reached, coalesce(sum(n) FILTER (WHERE grade = 0), 0) AS unreached,
           coalesce(sum(n) FILTER (WHERE looked = 2 AND grade < 3), 0) AS looked,
           coalesce(sum(n) FILTER (WHERE needs_help), 0) AS needs_help
      FROM people_tally WHERE broadcast_id = b.id) is_now
 WHERE is_now.people IS NOT NULL AND (counted.at IS NULL
    OR now() - counted.at >= greatest(interval '1 second', counted.took * interval '20 milliseconds')
       AND ((counted.people, counted.answered, counted.reached, counted.unreached, counted.looked, counted.needs_help)
            IS DISTINCT FROM (is_now.people, is_now.answered, is_now.reached, is_now.unreached, is_now.looked, is_now.needs_help)
         OR b.unfinished AND now() - counted.at >= greatest(interval '1 minute', counted.took * interval '100 milliseconds')))
