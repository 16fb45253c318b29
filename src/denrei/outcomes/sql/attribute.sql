-- Give mails to their organization, with what reading found. A thing that is known already (`told`) stays as it is.
UPDATE received_mail m
   SET organization_id = %(organization)s, read_at = now(), told = u.told, kind = u.kind, reason = u.reason,
       found_by = u.found_by, broadcast_id = u.broadcast_id, delivery_id = u.delivery_id, recipient_id = u.recipient_id,
       author = u.author, subject = u.subject, reported = u.reported, evidence = u.evidence, waits = u.waits,
       choice = u.choice, response_id = u.response_id
  FROM unnest(%(ids)s::bigint[], %(tolds)s::bytea[], %(kinds)s::text[], %(reasons)s::smallint[], %(found_bys)s::text[],
              %(broadcasts)s::bigint[], %(deliveries)s::bigint[], %(recipients)s::bigint[], %(authors)s::text[],
              %(subjects)s::text[], %(reporteds)s::text[], %(evidences)s::text[], %(waiting)s::boolean[],
              %(choices)s::text[], %(responses)s::bigint[])
       u(id, told, kind, reason, found_by, broadcast_id, delivery_id, recipient_id, author, subject, reported, evidence, waits,
         choice, response_id)
 WHERE m.id = u.id
