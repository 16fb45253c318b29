-- People of a slice whom no medium of this broadcast can reach: 連絡先なし. The broadcast is taken along from each
-- person (COVER).
WITH person AS MATERIALIZED (
  SELECT broadcast_id, recipient_id FROM audience
   WHERE broadcast_id = %(broadcast)s AND recipient_id > %(cursor)s AND recipient_id <= %(upto)s AND grade = 0),
 unreachable AS MATERIALIZED (
  SELECT broadcast_id, recipient_id FROM person p
   WHERE NOT EXISTS (SELECT FROM delivery d WHERE d.broadcast_id = p.broadcast_id AND d.recipient_id = p.recipient_id)
     AND NOT EXISTS (SELECT FROM cover c WHERE c.broadcast_id = p.broadcast_id AND c.recipient_id = p.recipient_id))
UPDATE audience a SET grade = -1 FROM unreachable u
 WHERE a.broadcast_id = u.broadcast_id AND a.recipient_id = u.recipient_id AND a.grade = 0
