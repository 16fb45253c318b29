-- The answer pages of some deliveries: what the wave of each said, whom it reaches (NEW-5), what each person answered last.
-- One row for each page and person, by ids, so that a page shows them in the same order for ever. No row: no such delivery.
-- What a wave said, when, whether it ended, and the subject of the last that corrected or withdrew it (NEW-13) stand in its first
-- row alone: the same for thousands.
-- ended: every wave was stopped or is past its time to give up; 連絡終了 alone would be mere minutes after the launch.
-- fresh: handed over within the last 3 s, or just now and not yet recorded.
-- Sub-selects with LIMIT go by their whole key. Joins would read the whole audience of the broadcast, or all its halts,
-- while the statistics are young: at the very moment when everybody answers.
WITH page AS MATERIALIZED (
  SELECT own.* FROM unnest(%(deliveries)s::bigint[]) asked (id)
   CROSS JOIN LATERAL (
     SELECT d.id, d.broadcast_id, d.wave, d.recipient_id, d.medium, d.language,
            CASE d.state WHEN 0 THEN NOT EXISTS (SELECT FROM attempt t WHERE t.delivery_id = d.id)
                 ELSE EXISTS (SELECT FROM attempt t WHERE t.delivery_id = d.id AND t.at > now() - interval '3 seconds') END AS fresh
       FROM delivery d WHERE d.id = asked.id LIMIT 1) own
   WHERE (SELECT true FROM emptied e WHERE e.broadcast_id = own.broadcast_id LIMIT 1) IS NULL),
 said AS MATERIALIZED (
  SELECT each.broadcast_id, each.wave, words.content, words.launched_at,
         (SELECT coalesce(bool_and(r.give_up_at < now() OR (
                   SELECT true FROM halt h WHERE h.broadcast_id = r.broadcast_id AND h.recipient_id = -r.wave LIMIT 1) IS NOT NULL), true)
            FROM run r WHERE r.broadcast_id = each.broadcast_id) AS ended,
         (WITH RECURSIVE chain (id) AS (
            SELECT c.id FROM broadcast c WHERE c.corrects_id = each.broadcast_id
            UNION SELECT c.id FROM chain JOIN broadcast c ON c.corrects_id = chain.id)
          SELECT c.content->'incident' FROM broadcast c WHERE c.id = (SELECT max(id) FROM chain)) AS later
    FROM (SELECT DISTINCT broadcast_id, wave FROM page) each
   CROSS JOIN LATERAL (
     SELECT coalesce(r.content, b.content) AS content, CASE WHEN each.wave > 1 THEN r.started_at ELSE b.launched_at END AS launched_at
       FROM broadcast b LEFT JOIN run r ON r.broadcast_id = b.id AND r.wave = each.wave WHERE b.id = each.broadcast_id LIMIT 1) words)
SELECT page.id, page.broadcast_id, page.wave, page.medium, page.language,
       CASE WHEN row_number() OVER of_wave = 1 THEN said.content END,
       CASE WHEN row_number() OVER of_wave = 1 THEN said.launched_at END,
       CASE WHEN row_number() OVER of_wave = 1 THEN said.ended END,
       CASE WHEN row_number() OVER of_wave = 1 THEN said.later END, page.fresh,
       reached.recipient_id, person.name, person.looked,
       latest.choice, latest.choice_words, latest.needs_help, latest.source, latest.comment, latest.at
  FROM page JOIN said ON said.broadcast_id = page.broadcast_id AND said.wave = page.wave
 CROSS JOIN LATERAL (
   SELECT page.recipient_id UNION SELECT c.recipient_id FROM cover c WHERE c.delivery_id = page.id) reached (recipient_id)
 CROSS JOIN LATERAL (
   SELECT name, looked FROM audience a WHERE a.broadcast_id = page.broadcast_id AND a.recipient_id = reached.recipient_id LIMIT 1) person
  LEFT JOIN LATERAL (
   SELECT * FROM response r WHERE r.broadcast_id = page.broadcast_id AND r.recipient_id = reached.recipient_id
    ORDER BY r.id DESC LIMIT 1) latest ON true
WINDOW of_wave AS (PARTITION BY page.broadcast_id, page.wave ORDER BY page.id, reached.recipient_id)
 ORDER BY page.id, reached.recipient_id
