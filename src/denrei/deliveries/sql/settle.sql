-- A hand-over becomes a success when no bounce came for so many days (OPS-7): it ends the streak of its address.
DELETE FROM suppression s USING delivery d JOIN contact c ON c.id = d.contact_id
 WHERE d.watched AND d.state IN (1, 2) AND d.updated_at < now() - %(days)s * interval '1 day' AND d.id > s.delivery_id
   AND s.address_key = c.address_key AND s.medium = c.medium AND s.organization_id = %(organization)s AND s.until <= now()
