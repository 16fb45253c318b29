-- Who looked at the page of each of these people, where that is more than was known. People are locked in the ledger's one
-- order; by an array of keys: joined with the CTE, young statistics read the whole audience.
WITH person AS MATERIALIZED (
  SELECT recipient_id FROM audience WHERE broadcast_id = %(broadcast)s AND recipient_id = ANY(%(people)s::bigint[])
     AND looked < (%(looks)s::smallint[])[array_position(%(people)s::bigint[], recipient_id)] ORDER BY recipient_id FOR UPDATE)
UPDATE audience a SET looked = (%(looks)s::smallint[])[array_position(%(people)s::bigint[], a.recipient_id)]
 WHERE a.broadcast_id = %(broadcast)s AND a.recipient_id = ANY(ARRAY(SELECT recipient_id FROM person))
