-- Hold the last points of these curves; PULSE, a statement of its own after it, sees what another worker wrote meanwhile.
SELECT p.broadcast_id FROM unnest(%(broadcasts)s::bigint[]) b(id)
  CROSS JOIN LATERAL (SELECT at FROM pulse WHERE broadcast_id = b.id ORDER BY at DESC LIMIT 1) last
  JOIN pulse p ON p.broadcast_id = b.id AND p.at = last.at
   FOR UPDATE OF p SKIP LOCKED
