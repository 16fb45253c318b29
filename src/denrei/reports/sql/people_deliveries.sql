-- What a broadcast did for the people of one page: their own deliveries, and those of their household that reach them too (NEW-5).
WITH wanted AS (
  SELECT d.recipient_id AS person, d.id FROM delivery d
   WHERE d.broadcast_id = %(broadcast)s AND d.recipient_id = ANY(%(people)s::bigint[])
  UNION ALL
  SELECT c.recipient_id, c.delivery_id FROM cover c
   WHERE c.broadcast_id = %(broadcast)s AND c.recipient_id = ANY(%(people)s::bigint[]))
SELECT w.person, d.medium, d.state, d.reason, d.tries, d.doubts, d.next_at, d.chunk_id IS NOT NULL, coalesce(c.state = 1, false)
  FROM wanted w JOIN delivery d ON d.id = w.id LEFT JOIN chunk c ON c.id = d.chunk_id
 ORDER BY w.person, d.updated_at DESC, d.wave DESC, d.id DESC
