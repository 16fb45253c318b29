-- Calls for help of some people, and who took care of each.
SELECT h.recipient_id AS recipient, h.opened_at, h.worsened, h.response_id AS response, h.taken_by_id AS taken_by, t.name AS taken_by_name,
       h.taken_at, h.closed_at, h.closed_by_id AS closed_by, c.name AS closed_by_name
  FROM help_call h LEFT JOIN operator t ON t.id = h.taken_by_id LEFT JOIN operator c ON c.id = h.closed_by_id
 WHERE h.broadcast_id = %(broadcast)s AND h.recipient_id > %(after)s AND h.recipient_id <= %(upto)s
 ORDER BY h.recipient_id
