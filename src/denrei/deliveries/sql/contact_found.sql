-- People of a later wave's slice who had no contact before and have one now: 連絡先なし no more. The broadcast is
-- taken along from each person (COVER).
WITH person AS MATERIALIZED (
  SELECT broadcast_id, recipient_id FROM audience
   WHERE broadcast_id = %(broadcast)s AND recipient_id > %(cursor)s AND recipient_id <= %(upto)s AND grade = -1),
 found AS MATERIALIZED (
  SELECT p.broadcast_id, p.recipient_id FROM person p CROSS JOIN LATERAL (
    SELECT FROM delivery d WHERE d.broadcast_id = p.broadcast_id AND d.recipient_id = p.recipient_id LIMIT 1) own
  UNION
  SELECT p.broadcast_id, p.recipient_id FROM person p CROSS JOIN LATERAL (
    SELECT FROM cover c WHERE c.broadcast_id = p.broadcast_id AND c.recipient_id = p.recipient_id LIMIT 1) shared)
UPDATE audience a SET grade = 0 FROM found f
 WHERE a.broadcast_id = f.broadcast_id AND a.recipient_id = f.recipient_id AND a.grade = -1
