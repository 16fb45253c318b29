-- Organizations that have something to fold.
SELECT organization_id FROM fold_due LIMIT 200
