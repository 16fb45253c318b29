-- Organizations that have something to fold, each with the notes that say so.
SELECT organization_id, array_agg(id) FROM (SELECT organization_id, id FROM fold_due ORDER BY id LIMIT 5000) note GROUP BY 1
