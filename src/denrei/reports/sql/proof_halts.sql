-- Who was not sent to any more, why and by whom; below 0: a whole wave.
SELECT h.recipient_id AS recipient, h.reason, h.at, h.actor_id AS actor, o.name AS actor_name
  FROM halt h LEFT JOIN operator o ON o.id = h.actor_id
 WHERE h.broadcast_id = %(broadcast)s AND h.recipient_id > %(after)s AND h.recipient_id <= %(upto)s
 ORDER BY h.recipient_id
