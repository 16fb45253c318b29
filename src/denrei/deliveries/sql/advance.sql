-- A slice is in: where the next one begins, and whether it was the last.
UPDATE run SET cursor = greatest(cursor, %(upto)s), slices = slices + 1, planned = planned + %(planned)s, progress_at = now(),
       stage = CASE WHEN %(people)s < %(size)s THEN 1 ELSE 0 END
 WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s RETURNING stage
