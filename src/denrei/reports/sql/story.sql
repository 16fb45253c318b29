-- One person in one broadcast, in one snapshot and by keys: waves, deliveries, attempts, what was told later, looks,
-- answers, halts, releases, the call for help (ALL-3). Sub-selects with LIMIT go by their whole key while the statistics are young.
WITH mine AS MATERIALIZED (
  SELECT d.* FROM delivery d WHERE d.broadcast_id = %(broadcast)s AND d.recipient_id = %(recipient)s
  UNION ALL
  SELECT d.* FROM cover c CROSS JOIN LATERAL (SELECT * FROM delivery WHERE id = c.delivery_id LIMIT 1) d
   WHERE c.broadcast_id = %(broadcast)s AND c.recipient_id = %(recipient)s),
 wave AS MATERIALIZED (SELECT r.* FROM run r WHERE r.broadcast_id = %(broadcast)s)
SELECT
  (SELECT to_jsonb(p) FROM (
     SELECT name, unit_id, grade FROM audience
      WHERE broadcast_id = %(broadcast)s AND recipient_id = %(recipient)s LIMIT 1) p),
  (SELECT coalesce(jsonb_agg(to_jsonb(w) ORDER BY w.wave), '[]') FROM (
     SELECT r.wave, r.stage, r.started_at, r.finished_at, r.give_up_at, r.cursor >= %(recipient)s OR r.stage > 0 AS planned,
            r.kind, r.content - 'again' IS DISTINCT FROM said.content - 'again' AND r.content IS NOT NULL AS reworded,
            (SELECT name FROM operator
              WHERE id = CASE WHEN r.wave > 1 THEN r.started_by ELSE said.launched_by_id END LIMIT 1) AS by
       FROM wave r CROSS JOIN LATERAL (
         SELECT content, launched_by_id FROM broadcast WHERE id = r.broadcast_id LIMIT 1) said) w),
  (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.wave, d.medium, d.slot, d.id), '[]') FROM (
     SELECT m.id, m.wave, m.recipient_id, m.medium, m.state, m.reason, m.evidence, m.doubts, m.next_at, m.updated_at, m.address,
            m.contact_id, held.slot, coalesce(leased.is_leased, false) AS leased, bad.reason AS bad_reason, bad.since AS bad_since,
            (SELECT coalesce(jsonb_agg(a.name ORDER BY a.recipient_id), '[]') FROM (
               SELECT m.recipient_id WHERE m.shared OR m.recipient_id <> %(recipient)s
               UNION SELECT c.recipient_id FROM cover c WHERE c.delivery_id = m.id) also (recipient_id)
              CROSS JOIN LATERAL (
                SELECT name, recipient_id FROM audience
                 WHERE broadcast_id = m.broadcast_id AND recipient_id = also.recipient_id LIMIT 1) a
              WHERE also.recipient_id <> %(recipient)s) AS others
       FROM mine m
       LEFT JOIN LATERAL (SELECT slot, address_key FROM contact WHERE id = m.contact_id LIMIT 1) held ON true
       LEFT JOIN LATERAL (SELECT state = 1 AS is_leased FROM chunk WHERE id = m.chunk_id LIMIT 1) leased ON true
       LEFT JOIN LATERAL (
         SELECT reason, since FROM suppression s
          WHERE s.address_key = held.address_key AND s.medium = m.medium AND s.organization_id = m.organization_id
            AND m.state = 7 LIMIT 1) bad ON true) d),
  (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.at, t.generation), '[]') FROM mine m CROSS JOIN LATERAL (
     SELECT a.delivery_id, a.generation, a.kind, a.state, a.reason, a.phase, a.took_ms, a.at, a.provider_id, a.reply,
            (SELECT g.name FROM gateway g WHERE g.id = a.gateway_id LIMIT 1) AS gateway
       FROM attempt a WHERE a.delivery_id = m.id ORDER BY a.generation DESC LIMIT %(most)s) t),
  (SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.at), '[]') FROM mine m CROSS JOIN LATERAL (
     SELECT delivery_id, source, state, evidence, reason, received_at AS at, provider_id, raw
       FROM event WHERE delivery_id = m.id AND source <> %(answer)s ORDER BY received_at DESC LIMIT %(most)s) e),
  (SELECT coalesce(jsonb_agg(to_jsonb(v) ORDER BY v.id), '[]') FROM mine m CROSS JOIN LATERAL (
     SELECT id, delivery_id, at, kind, user_agent, address FROM page_view
      WHERE broadcast_id = m.broadcast_id AND delivery_id = m.id ORDER BY id DESC LIMIT %(most)s) v),
  (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.id), '[]') FROM (
     SELECT id, at, medium, choice, choice_words, needs_help, comment, source, late, worsened,
            (SELECT o.name FROM operator o WHERE o.id = r.actor_id LIMIT 1) AS by
       FROM response r WHERE r.broadcast_id = %(broadcast)s AND r.recipient_id = %(recipient)s
      ORDER BY id DESC LIMIT %(most)s) r),
  (SELECT coalesce(jsonb_agg(to_jsonb(h) ORDER BY h.at), '[]') FROM (
     SELECT h.recipient_id, h.reason, h.at, (SELECT o.name FROM operator o WHERE o.id = h.actor_id LIMIT 1) AS by
       FROM (SELECT %(recipient)s::bigint AS key UNION SELECT -wave FROM mine) who
      CROSS JOIN LATERAL (
        SELECT * FROM halt WHERE broadcast_id = %(broadcast)s AND recipient_id = who.key LIMIT 1) h) h),
  (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f.at), '[]') FROM (
     SELECT DISTINCT contact_id FROM mine) held CROSS JOIN LATERAL (
     SELECT held.contact_id, at, actor_name AS by, action = 'address.heard' AS heard, action = 'address.tested' AS tested FROM audit_entry
      WHERE subject_id = held.contact_id::text AND subject_kind = 'contact' AND action IN ('address.released', 'address.heard', 'address.tested')
        AND at >= (SELECT min(started_at) FROM wave)
        AND at <= coalesce((SELECT CASE WHEN bool_and(finished_at IS NOT NULL) THEN max(finished_at) END FROM wave), 'infinity')
      ORDER BY at DESC LIMIT %(most)s) f),
  (SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]') FROM (
     SELECT c.worsened, c.taken_by_id, c.closed_at, c.closed_by_id,
            (SELECT o.name FROM operator o WHERE o.id = c.taken_by_id LIMIT 1) AS by,
            (SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.at), '[]') FROM (
               SELECT at, action, actor_name AS by FROM audit_entry
                WHERE subject_id = c.id::text AND subject_kind = 'helpcall' ORDER BY at DESC LIMIT %(most)s) a) AS acts
       FROM help_call c WHERE c.broadcast_id = %(broadcast)s AND c.recipient_id = %(recipient)s LIMIT 1) c)
