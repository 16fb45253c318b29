-- How many people of a broadcast have each grade, of those whom the counters can tell apart. What is NULL does not narrow.
SELECT grade, sum(n)::bigint FROM people_tally
 WHERE broadcast_id = %(broadcast)s AND (%(looked)s::smallint IS NULL OR looked = %(looked)s)
   AND (%(choice)s::text IS NULL OR choice = %(choice)s) AND (%(needs_help)s::boolean IS NULL OR needs_help = %(needs_help)s)
 GROUP BY grade HAVING sum(n) > 0 ORDER BY grade
