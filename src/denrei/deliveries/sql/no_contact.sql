-- People of a slice whom no medium of this broadcast can reach: 連絡先なし. + 0 keeps it on the person (COVER).
UPDATE audience a SET grade = -1
 WHERE a.broadcast_id = %(broadcast)s AND a.recipient_id > %(cursor)s AND a.recipient_id <= %(upto)s AND a.grade = 0
   AND NOT EXISTS (SELECT FROM delivery d WHERE d.broadcast_id = a.broadcast_id + 0 AND d.recipient_id = a.recipient_id)
   AND NOT EXISTS (SELECT FROM cover c WHERE c.broadcast_id = a.broadcast_id + 0 AND c.recipient_id = a.recipient_id)
