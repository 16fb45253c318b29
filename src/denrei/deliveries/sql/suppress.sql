-- Count a failure against an address (EMC-6); `until` of the verdict decides whether the next broadcast is silent.
INSERT INTO suppression AS s (organization_id, medium, address_key, reason, streak, since, until, delivery_id)
SELECT DISTINCT ON (c.address_key, c.medium) %(organization)s, c.medium, c.address_key, u.reason, 1, now(),
       CASE WHEN u.needed <= 1 THEN now() + u.days * interval '1 day' ELSE '-infinity' END, d.id
  FROM unnest(%(ids)s::bigint[], %(reasons)s::smallint[], %(needed)s::smallint[], %(days)s::int[]) u(id, reason, needed, days)
  JOIN delivery d ON d.id = u.id JOIN contact c ON c.id = d.contact_id
 ORDER BY c.address_key, c.medium, u.needed
ON CONFLICT (address_key, medium, organization_id) DO UPDATE
   SET streak = s.streak + 1, reason = excluded.reason, delivery_id = excluded.delivery_id, released_at = NULL, released_by = NULL,
       since = CASE WHEN s.until > now() THEN s.since ELSE now() END,
       until = CASE WHEN excluded.until > now() THEN greatest(s.until, excluded.until)
                    WHEN s.streak + 1 >= %(strikes)s THEN now() + %(strike_days)s * interval '1 day' ELSE s.until END
 WHERE s.delivery_id IS DISTINCT FROM excluded.delivery_id
