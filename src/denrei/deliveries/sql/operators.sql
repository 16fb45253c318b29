-- Operators who can be written to, and where.
SELECT id, email FROM operator WHERE organization_id = %(organization)s AND is_active AND email <> ''
