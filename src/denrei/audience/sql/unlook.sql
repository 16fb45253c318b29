-- What was taken for a human's look at the page of these people was a program's. Locked as by look.sql.
WITH person AS MATERIALIZED (
  SELECT recipient_id FROM audience WHERE broadcast_id = %(broadcast)s AND recipient_id = ANY(%(people)s::bigint[])
     AND looked > %(look)s ORDER BY recipient_id FOR UPDATE)
UPDATE audience a SET looked = %(look)s
 WHERE a.broadcast_id = %(broadcast)s AND a.recipient_id = ANY(ARRAY(SELECT recipient_id FROM person))
