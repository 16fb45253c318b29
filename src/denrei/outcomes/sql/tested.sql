-- Tests of contacts by mail that a token or a Message-ID names; 0: of no broadcast.
SELECT t.id, 0, t.recipient_id, t.address FROM contact_test t
 WHERE t.id = ANY (%(ids)s::bigint[]) AND t.organization_id = %(organization)s AND t.medium = %(mail)s
