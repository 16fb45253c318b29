-- ... each try of them, with what the seals are made of.
SELECT a.delivery_id AS delivery, a.generation, a.kind, a.state, a.reason, a.phase, a.gateway_id AS gateway, a.took_ms, a.at,
       a.provider_id, a.reply, a.salt, a.xid
  FROM chosen JOIN attempt a ON a.delivery_id = chosen.id AND a.broadcast_id = %(broadcast)s
 ORDER BY chosen.recipient_id, a.delivery_id, a.generation, a.kind
