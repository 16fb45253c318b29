-- One broadcast in one snapshot: its waves, its counters, what workers hold. Reads counters only, never the ledger.
SELECT (SELECT jsonb_build_object('people', sum(people), 'planned', sum(planned), 'stage', min(stage), 'started', min(started_at),
                                  'finished', max(finished_at), 'broken', max(broken_at), 'progress', max(progress_at))
          FROM run WHERE broadcast_id = %(broadcast)s),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(grade, n)), '[]')
          FROM (SELECT grade, sum(n) AS n FROM people_tally WHERE broadcast_id = %(broadcast)s GROUP BY 1) g),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(medium, state, evidence, reason, n)), '[]')
          FROM (SELECT medium, state, evidence, reason, sum(n) AS n FROM tally WHERE broadcast_id = %(broadcast)s GROUP BY 1, 2, 3, 4) t WHERE n <> 0),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(medium, n)), '[]')
          FROM (SELECT l.medium, sum(c.open) AS n FROM chunk c JOIN lane l ON l.id = c.lane
                 WHERE c.broadcast_id = %(broadcast)s AND c.state = 1 GROUP BY 1) w),
       (SELECT jsonb_agg(DISTINCT reason) FROM halt
          WHERE broadcast_id = %(broadcast)s AND recipient_id = (SELECT -max(wave) FROM run WHERE broadcast_id = %(broadcast)s))
