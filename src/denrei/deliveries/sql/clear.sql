-- A human's tap on a message ends the streak of failures of its address.
DELETE FROM suppression s USING delivery d JOIN contact c ON c.id = d.contact_id
 WHERE d.id = ANY(%(ids)s::bigint[]) AND s.address_key = c.address_key AND s.medium = c.medium AND s.organization_id = %(organization)s
