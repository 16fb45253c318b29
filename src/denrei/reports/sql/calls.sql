-- Calls for help that nobody has taken, with how many there are; those who were well before come first. Neither the count nor
-- the list goes on for ever: whoever has a thousand calls reads "more than".
WITH untaken AS MATERIALIZED (
  SELECT id, recipient_id, opened_at, worsened, response_id FROM help_call
   WHERE broadcast_id = %(broadcast)s AND closed_at IS NULL AND taken_by_id IS NULL ORDER BY opened_at LIMIT %(counted)s)
SELECT (SELECT count(*) FROM untaken), u.id, u.recipient_id, person.name, u.opened_at, u.worsened, said.choice_words
  FROM (SELECT * FROM untaken ORDER BY worsened DESC, opened_at, id LIMIT %(most)s) u
 CROSS JOIN LATERAL (
   SELECT name FROM audience a WHERE a.broadcast_id = %(broadcast)s AND a.recipient_id = u.recipient_id LIMIT 1) person
 CROSS JOIN LATERAL (SELECT choice_words FROM response r WHERE r.id = u.response_id LIMIT 1) said
 ORDER BY u.worsened DESC, u.opened_at, u.id
