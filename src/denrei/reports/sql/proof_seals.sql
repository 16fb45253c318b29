-- The chain of a broadcast, from its first link.
SELECT no, horizon, n AS leaves, root, hash, at FROM seal WHERE broadcast_id = %(broadcast)s ORDER BY no
