-- The next pages of the roster into the audience, so that a slice finds its people; how far they go (NULL: no page was left).
-- Whoever lives with one of them and stands on a later page is written with them: a shared address must know everybody
-- whose answer it waits for (COVER). What is known of a person is read now; who was erased meanwhile was meant all the same.
-- Until they are here the counters hold them in shard -1.
WITH page AS MATERIALIZED (
  DELETE FROM roster WHERE broadcast_id = %(broadcast)s AND first IN (
    SELECT first FROM roster WHERE broadcast_id = %(broadcast)s ORDER BY first LIMIT %(pages)s) RETURNING people),
 listed AS MATERIALIZED (
  SELECT l.id, r.household_id, r.unit_id, r.language, r.name
    FROM page CROSS JOIN LATERAL unnest(page.people) l(id) LEFT JOIN recipient r ON r.id = l.id),
 upto AS MATERIALIZED (SELECT max(id) AS id FROM listed),
 home AS MATERIALIZED (SELECT DISTINCT household_id AS id FROM listed WHERE household_id IS NOT NULL),
 housemate AS MATERIALIZED (
  SELECT r.id, r.household_id, r.unit_id, r.language, r.name
    FROM home JOIN recipient r ON r.household_id = home.id CROSS JOIN upto
   CROSS JOIN LATERAL (
     SELECT people FROM roster t WHERE t.broadcast_id = %(broadcast)s AND t.first <= r.id ORDER BY first DESC LIMIT 1) t
   WHERE r.id > upto.id AND r.id = ANY(t.people)),
 written AS (
  INSERT INTO audience (organization_id, broadcast_id, recipient_id, household_id, unit_id, language, name)
  SELECT %(organization)s, %(broadcast)s, id, household_id, unit_id, coalesce(language, 'ja'), coalesce(name, '')
    FROM (SELECT * FROM listed UNION ALL SELECT * FROM housemate) person
  ON CONFLICT DO NOTHING RETURNING 1),
 counted AS (
  UPDATE people_tally SET n = n - (SELECT count(*) FROM written)
   WHERE broadcast_id = %(broadcast)s AND grade = 0 AND looked = 0 AND choice = '' AND NOT needs_help AND shard = -1)
SELECT id FROM upto
