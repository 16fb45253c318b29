-- Take the notes that were read before the fold: what was told meanwhile has a note of its own. Where the event of
-- a WAITING delivery is left, one note stays.
WITH taken AS (DELETE FROM fold_due WHERE organization_id = %(organization)s AND id = ANY(%(notes)s::bigint[]))
INSERT INTO fold_due (organization_id) SELECT %(organization)s WHERE EXISTS (SELECT FROM event_open WHERE organization_id = %(organization)s)
