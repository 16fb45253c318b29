-- What the people of a broadcast answered, and who of the others had the page opened: from counters, never from the answers.
SELECT b.content,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(grade, looked, choice, needs_help, n)), '[]')
          FROM (SELECT grade, looked, choice, needs_help, sum(n) AS n FROM people_tally
                 WHERE broadcast_id = %(broadcast)s GROUP BY 1, 2, 3, 4) t WHERE n <> 0)
  FROM broadcast b WHERE b.id = %(broadcast)s
