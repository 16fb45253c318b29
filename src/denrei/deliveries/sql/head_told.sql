-- The head of a broadcast was mailed: a server took it for one administrator at least.
UPDATE run SET head_told_at = now(), head_next_at = NULL WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s
