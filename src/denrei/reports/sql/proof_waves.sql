-- The waves of a broadcast; whom a later one was for by choice is not told in the file of one person.
SELECT wave, kind, most_grade, CASE WHEN NOT %(covered)s THEN chosen END AS chosen, content, started_by, stage, priority, people, planned, steps, give_up_at, started_at, finished_at, broken_at
  FROM run WHERE broadcast_id = %(broadcast)s ORDER BY wave
