-- Hold the wave while FINISH, a statement of its own after it, looks whether anybody waits: a fresh snapshot.
SELECT broadcast_id FROM run WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s AND stage = 1 FOR UPDATE
