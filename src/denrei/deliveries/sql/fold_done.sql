-- Nothing is left that could be folded now; an event of a WAITING delivery keeps the organization on the list.
DELETE FROM fold_due WHERE organization_id = %(organization)s AND NOT EXISTS (SELECT FROM event_open WHERE organization_id = %(organization)s)
