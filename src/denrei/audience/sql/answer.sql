-- What people answered, and the evidence with it; tells the answer of each that counted before. Who answers at the same time
-- waits here, and takes the number of its own answer only afterwards: the answer with the highest number is the one that stays.
-- People are locked in the ledger's one order; by an array of keys: joined, young statistics read the whole audience.
WITH before AS MATERIALIZED (
  SELECT recipient_id, choice, needs_help FROM audience
   WHERE broadcast_id = %(broadcast)s AND recipient_id = ANY(%(people)s::bigint[]) ORDER BY recipient_id FOR UPDATE),
 counted AS (
  UPDATE audience a
     SET grade = greatest(a.grade, (%(grades)s::smallint[])[array_position(%(people)s::bigint[], a.recipient_id)]),
         choice = (%(choices)s::text[])[array_position(%(people)s::bigint[], a.recipient_id)],
         needs_help = (%(helps)s::boolean[])[array_position(%(people)s::bigint[], a.recipient_id)]
   WHERE a.broadcast_id = %(broadcast)s AND a.recipient_id = ANY(ARRAY(SELECT recipient_id FROM before)))
SELECT recipient_id, choice, needs_help FROM before
