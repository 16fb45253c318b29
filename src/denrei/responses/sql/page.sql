-- The answer page of one delivery: what was said, whom it reaches (NEW-5), what each answered last.
-- One row for each person, by id, so that a page shows them in the same order for ever. No row: no such delivery.
-- ended: every wave was stopped or is past its time to give up; 連絡終了 alone would be mere minutes after the launch.
-- fresh: handed over within the last 3 s, or just now and not yet recorded.
SELECT d.broadcast_id, d.medium, d.language, b.content, b.launched_at,
       NOT EXISTS (
         SELECT FROM run r WHERE r.broadcast_id = d.broadcast_id AND r.give_up_at > now() AND NOT EXISTS (
           SELECT FROM halt h WHERE h.broadcast_id = r.broadcast_id AND h.recipient_id = -r.wave)) AS ended,
       CASE d.state WHEN 0 THEN NOT EXISTS (SELECT FROM attempt t WHERE t.delivery_id = d.id)
            ELSE EXISTS (SELECT FROM attempt t WHERE t.delivery_id = d.id AND t.at > now() - interval '3 seconds') END AS fresh,
       a.recipient_id, a.name, latest.choice, latest.choice_words, latest.needs_help, latest.source, latest.comment, latest.at
  FROM delivery d
  JOIN broadcast b ON b.id = d.broadcast_id
 CROSS JOIN LATERAL (
   SELECT d.recipient_id UNION SELECT c.recipient_id FROM cover c WHERE c.delivery_id = d.id) reached (recipient_id)
  JOIN audience a ON a.broadcast_id = d.broadcast_id AND a.recipient_id = reached.recipient_id
  LEFT JOIN LATERAL (
    SELECT * FROM response r WHERE r.broadcast_id = d.broadcast_id AND r.recipient_id = a.recipient_id
     ORDER BY r.id DESC LIMIT 1) latest ON true
 WHERE d.id = %(delivery)s
 ORDER BY a.recipient_id
