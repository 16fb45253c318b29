-- The latest delivery by mail to each address among the broadcasts of the last days that was handed over and has not
-- come back: for a mail that names nothing but the address.
SELECT k.key, last.id, last.broadcast_id, last.recipient_id, last.address
  FROM unnest(%(keys)s::text[]) k(key)
 CROSS JOIN LATERAL (
   SELECT d.id, d.broadcast_id, d.recipient_id, d.address
     FROM contact c
     JOIN run r ON r.organization_id = %(organization)s AND r.started_at > now() - %(days)s * interval '1 day'
    CROSS JOIN LATERAL (
      SELECT * FROM delivery WHERE broadcast_id = r.broadcast_id AND recipient_id = c.recipient_id
         AND contact_id = c.id AND medium = %(mail)s AND wave = r.wave LIMIT 1) d
    WHERE c.organization_id = %(organization)s AND c.medium = %(mail)s AND c.address_key = k.key AND d.state IN (1, 2)
    ORDER BY r.started_at DESC, d.id DESC LIMIT 1) last
