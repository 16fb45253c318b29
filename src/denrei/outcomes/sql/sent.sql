-- Deliveries by mail that a token or a Message-ID names, each by its key while the statistics are young.
SELECT d.id, d.broadcast_id, d.recipient_id, d.address
  FROM unnest(%(ids)s::bigint[]) u(id)
 CROSS JOIN LATERAL (SELECT * FROM delivery WHERE id = u.id LIMIT 1) d
 WHERE d.organization_id = %(organization)s AND d.medium = %(mail)s
