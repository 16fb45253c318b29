-- What is still to be carried out for a wave: the reason of its stop, and whether people answered.
SELECT (SELECT reason FROM halt WHERE broadcast_id = %(broadcast)s AND recipient_id = -%(wave)s AND NOT swept),
       EXISTS (SELECT FROM halt WHERE broadcast_id = %(broadcast)s AND recipient_id = -%(wave)s),
       EXISTS (SELECT FROM halt WHERE broadcast_id = %(broadcast)s AND recipient_id > 0 AND NOT swept)
