-- Where fair queueing stands for a slice: lane, first rank to use, step (live broadcasts of the organization), block of chunk ids.
SELECT l.lane,
       greatest(
         coalesce((SELECT min(rank) FROM chunk c WHERE c.state = 0 AND c.lane = l.lane AND c.priority = %(priority)s AND c.pass = 0), 0),
         coalesce((SELECT max(rank) + 1 FROM chunk c WHERE c.broadcast_id = %(broadcast)s AND c.wave = %(wave)s AND c.lane = l.lane), 0)) AS base,
       greatest(1, (SELECT count(DISTINCT broadcast_id) FROM chunk c
                     WHERE c.state = 0 AND c.lane = l.lane AND c.priority = %(priority)s AND c.organization_id = %(organization)s
                       AND c.broadcast_id <> %(broadcast)s)::int + 1) AS step,
       nextval('chunk_block_seq') AS block
  FROM unnest(%(lanes)s::int[]) l(lane)
