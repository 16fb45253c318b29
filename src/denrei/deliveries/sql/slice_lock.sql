-- Take the wave for one slice; another janitor that has it is passed by. A later wave begins when those before are
-- written: it looks at what they left.
SELECT cursor, slices, priority, started_at, steps, most_grade, chosen, kind = 'reminder' FROM run
 WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s AND stage = 0
   AND NOT EXISTS (SELECT FROM run r WHERE r.broadcast_id = %(broadcast)s AND r.wave < %(wave)s AND r.stage = 0) FOR UPDATE SKIP LOCKED
