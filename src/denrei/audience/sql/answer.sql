-- What a person answered, and the evidence with it; tells the answer that counted before. Who answers at the same time waits
-- here, and takes the number of its own answer only afterwards: the answer with the highest number is the one that stays.
WITH before AS MATERIALIZED (
  SELECT choice, needs_help FROM audience WHERE broadcast_id = %(broadcast)s AND recipient_id = %(recipient)s FOR UPDATE)
UPDATE audience a SET grade = greatest(a.grade, %(grade)s), choice = %(choice)s, needs_help = %(needs_help)s
  FROM before WHERE a.broadcast_id = %(broadcast)s AND a.recipient_id = %(recipient)s
RETURNING before.choice, before.needs_help
