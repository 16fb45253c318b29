-- Take the newest wave's head to mail it; whoever comes at the same time finds it taken. Tried again after the pause.
UPDATE run SET head_next_at = now() + %(pause)s * interval '1 second' * (head_tries + 1), head_tries = head_tries + 1
 WHERE broadcast_id = %(broadcast)s AND wave = (SELECT max(wave) FROM run WHERE broadcast_id = %(broadcast)s)
   AND coalesce(head_next_at, '-infinity') <= now()
RETURNING wave, now()
