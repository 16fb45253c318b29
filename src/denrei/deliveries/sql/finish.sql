-- 連絡終了: nothing waits and nothing is in flight.
UPDATE run SET stage = 2, finished_at = now(), progress_at = now()
 WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s AND stage = 1
   AND coalesce((SELECT sum(n) FROM tally WHERE broadcast_id = %(broadcast)s AND state = 0), 0) = 0
RETURNING broadcast_id
