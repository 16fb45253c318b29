-- Which of these things are kept already.
SELECT t.told FROM unnest(%(tolds)s::bytea[]) t(told)
 WHERE EXISTS (SELECT FROM received_mail m WHERE m.told = t.told AND m.organization_id = %(organization)s)
