-- ... and whom they reach besides; of one person's file that person only.
SELECT c.delivery_id AS delivery, c.recipient_id AS recipient, c.contact_id AS contact
  FROM chosen JOIN cover c ON c.delivery_id = chosen.id
 WHERE NOT %(covered)s OR c.recipient_id > %(after)s AND c.recipient_id <= %(upto)s
 ORDER BY chosen.recipient_id, c.delivery_id, c.recipient_id
