-- The head of a broadcast was mailed, as it was when it was taken: a server took it for one administrator at least.
UPDATE run SET head_told_at = %(taken)s, head_next_at = NULL WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s
