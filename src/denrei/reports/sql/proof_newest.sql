-- The last link of a broadcast's chain.
SELECT no, hash FROM seal WHERE broadcast_id = %(broadcast)s ORDER BY no DESC LIMIT 1
