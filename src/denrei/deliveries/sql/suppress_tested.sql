-- A test said that an address is bad: it is left out as after a broadcast (EMC-6), and a case that this address had
-- asks to act again (EMC-7).
WITH counted AS (
INSERT INTO suppression AS s (organization_id, medium, address_key, reason, since, until)
VALUES (%(organization)s, %(medium)s, %(address_key)s, %(reason)s, now(), now() + %(days)s * interval '1 day')
ON CONFLICT (address_key, medium, organization_id) DO UPDATE
   SET reason = excluded.reason, until = greatest(s.until, excluded.until), released_at = NULL, released_by = NULL,
       since = CASE WHEN s.until > now() THEN s.since ELSE now() END
RETURNING until)
UPDATE attention a
   SET state = 0, until = counted.until, reason = %(reason)s, last_at = now(),
       since = CASE WHEN a.state = 0 AND coalesce(a.until > now(), true) THEN a.since ELSE now() END
  FROM counted, contact c
 WHERE c.organization_id = %(organization)s AND c.medium = %(medium)s AND c.address_key = %(address_key)s AND c.state < 2
   AND a.contact_id = c.id
