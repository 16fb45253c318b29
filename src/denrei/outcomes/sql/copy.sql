-- A mail that is about several deliveries is kept once for each: the second and later ones.
INSERT INTO received_mail (organization_id, key, arrived_at, way, mailbox_id, came_to_id, envelope_from, envelope_to, raw,
                           size, read_at, told, kind, reason, found_by, broadcast_id, delivery_id, recipient_id, author, subject,
                           reported, evidence, waits, choice, response_id)
SELECT m.organization_id, sha256(m.key || u.told), m.arrived_at, m.way, m.mailbox_id, m.came_to_id, m.envelope_from,
       m.envelope_to, m.raw, m.size, m.read_at, u.told, u.kind, u.reason, u.found_by, u.broadcast_id, u.delivery_id,
       u.recipient_id, u.author, u.subject, u.reported, u.evidence, u.waits, u.choice, u.response_id
  FROM unnest(%(ids)s::bigint[], %(tolds)s::bytea[], %(kinds)s::text[], %(reasons)s::smallint[], %(found_bys)s::text[],
              %(broadcasts)s::bigint[], %(deliveries)s::bigint[], %(recipients)s::bigint[], %(authors)s::text[],
              %(subjects)s::text[], %(reporteds)s::text[], %(evidences)s::text[], %(waiting)s::boolean[],
              %(choices)s::text[], %(responses)s::bigint[])
       u(id, told, kind, reason, found_by, broadcast_id, delivery_id, recipient_id, author, subject, reported, evidence, waits,
         choice, response_id)
  JOIN received_mail m ON m.id = u.id
ON CONFLICT DO NOTHING
