-- Answers of some people, the first first.
SELECT r.id AS response, r.recipient_id AS recipient, r.delivery_id AS delivery, r.medium, r.choice, r.choice_words AS words,
       r.needs_help, r.worsened, r.comment, r.source, r.late, r.at, r.actor_id AS actor, o.name AS actor_name
  FROM response r LEFT JOIN operator o ON o.id = r.actor_id
 WHERE r.broadcast_id = %(broadcast)s AND r.recipient_id > %(after)s AND r.recipient_id <= %(upto)s
 ORDER BY r.recipient_id, r.id
