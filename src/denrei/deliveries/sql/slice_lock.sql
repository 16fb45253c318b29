-- Take the wave for one slice; another janitor that has it is passed by.
SELECT cursor, priority, started_at, steps, most_grade, chosen FROM run
 WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s AND stage = 0 FOR UPDATE SKIP LOCKED
