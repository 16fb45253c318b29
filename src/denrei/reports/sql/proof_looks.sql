-- ... looks at the answer pages of these deliveries, by whomever.
SELECT v.id AS look, v.delivery_id AS delivery, v.at, v.kind, v.user_agent AS agent, v.address
  FROM chosen JOIN page_view v ON v.broadcast_id = %(broadcast)s AND v.delivery_id = chosen.id
 ORDER BY chosen.recipient_id, v.delivery_id, v.id
