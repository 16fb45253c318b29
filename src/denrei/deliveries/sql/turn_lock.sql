-- Hold the waiting numbers of these people while NEXT_TURN, a statement of its own after it, looks at them: a fresh
-- snapshot. Else two who end or free a number at once would each leave the next turn to the other.
SELECT d.id
  FROM delivery e JOIN lane l ON l.id = e.lane AND l.sequential
  JOIN delivery d ON d.broadcast_id = e.broadcast_id AND d.recipient_id = e.recipient_id AND d.medium = e.medium AND d.wave = e.wave
 WHERE (e.id = ANY(%(ids)s::bigint[]) OR e.chunk_id = %(chunk)s) AND d.state = 0 ORDER BY d.id FOR UPDATE OF d
