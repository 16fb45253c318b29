-- The stop is complete: no chunk is open and the counters know of nobody who waits.
UPDATE halt SET swept = true
 WHERE broadcast_id = %(broadcast)s AND recipient_id = -%(wave)s AND NOT swept
   AND NOT EXISTS (SELECT FROM chunk WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s AND state < 2)
   AND coalesce((SELECT sum(n) FROM tally WHERE broadcast_id = %(broadcast)s AND state = 0), 0) = 0
