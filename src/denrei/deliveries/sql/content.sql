-- What a wave says: a text of its own, or the broadcast's.
SELECT coalesce(r.content, b.content) FROM broadcast b LEFT JOIN run r ON r.broadcast_id = b.id AND r.wave = %(wave)s WHERE b.id = %(broadcast)s
