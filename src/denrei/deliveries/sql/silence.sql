-- Count the next broadcast of the organization that has settled (NEW-2): every wave ended so many days ago. Of each
-- contact that a message was handed over to: a human's tap on it takes the contact off the list, silence adds one. Left
-- alone are contacts of people who answered by another contact, or of whom somebody else told: they had no reason to
-- open this one; and messages without a page, which offer nothing to tap. A broadcast counts once: what a later wave
-- adds is read for taps only. The row of its newest wave is the lock; its mark commits together with the counts.
WITH due AS MATERIALIZED (
  SELECT r.broadcast_id FROM run r
   WHERE r.organization_id = %(organization)s AND r.counted_at IS NULL
     AND NOT EXISTS (SELECT FROM run o WHERE o.broadcast_id = r.broadcast_id AND (
           o.wave > r.wave OR o.finished_at IS NULL OR o.finished_at > now() - %(days)s * interval '1 day'))
   ORDER BY r.broadcast_id LIMIT 1 FOR UPDATE OF r SKIP LOCKED),
 wave AS MATERIALIZED (
  SELECT r.broadcast_id, r.wave, b.launched_at, coalesce(r.content, b.content) AS content
    FROM due JOIN run r ON r.broadcast_id = due.broadcast_id JOIN broadcast b ON b.id = r.broadcast_id),
 told AS MATERIALIZED (
  SELECT d.id, d.broadcast_id, d.contact_id, d.address, d.evidence, d.shared, w.launched_at
    FROM wave w JOIN delivery d ON d.broadcast_id = w.broadcast_id AND d.wave = w.wave
   WHERE (coalesce((w.content->>'confirm')::boolean, true) OR jsonb_array_length(w.content->'choices') > 0)
     AND (d.evidence >= 3 OR d.evidence IN (1, 2) AND d.state IN (1, 2))),
 meant AS (
  SELECT broadcast_id, launched_at, contact_id, address, evidence FROM told
  UNION ALL SELECT t.broadcast_id, t.launched_at, v.contact_id, t.address, t.evidence
    FROM told t JOIN cover v ON v.delivery_id = t.id WHERE t.shared),
 judged AS MATERIALIZED (  -- a corrected contact is another one: what was sent to the old address says nothing of it
  SELECT c.id, c.recipient_id, c.medium, c.address_key, m.broadcast_id, m.launched_at, max(m.evidence) AS evidence
    FROM meant m JOIN contact c ON c.id = m.contact_id AND c.address = m.address AND c.state < 2
   GROUP BY c.id, m.broadcast_id, m.launched_at),
 heard AS (DELETE FROM silence s USING judged j WHERE s.contact_id = j.id AND j.evidence >= 3),
 silent AS (
  INSERT INTO silence AS s (organization_id, contact_id, recipient_id, medium, address_key, first_at, last_at, last_broadcast_id)
  SELECT %(organization)s, j.id, j.recipient_id, j.medium, j.address_key, j.launched_at, j.launched_at, j.broadcast_id
    FROM judged j JOIN audience a ON a.broadcast_id = j.broadcast_id AND a.recipient_id = j.recipient_id
   WHERE j.evidence < 3 AND a.grade < 3
     AND NOT EXISTS (SELECT FROM run r WHERE r.broadcast_id = j.broadcast_id AND r.counted_at IS NOT NULL)
   ORDER BY j.id
  ON CONFLICT (contact_id) DO UPDATE
     SET handed_over = CASE WHEN s.address_key = excluded.address_key THEN s.handed_over + 1 ELSE 1 END,
         first_at = CASE WHEN s.address_key = excluded.address_key THEN least(s.first_at, excluded.first_at) ELSE excluded.first_at END,
         last_at = CASE WHEN s.address_key = excluded.address_key THEN greatest(s.last_at, excluded.last_at) ELSE excluded.last_at END,
         recipient_id = excluded.recipient_id, address_key = excluded.address_key, last_broadcast_id = excluded.last_broadcast_id)
UPDATE run SET counted_at = now() FROM due WHERE run.broadcast_id = due.broadcast_id AND run.counted_at IS NULL
