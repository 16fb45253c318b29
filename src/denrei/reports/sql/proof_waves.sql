-- The waves of a broadcast.
SELECT wave, stage, priority, people, planned, steps, give_up_at, started_at, finished_at, broken_at
  FROM run WHERE broadcast_id = %(broadcast)s ORDER BY wave
