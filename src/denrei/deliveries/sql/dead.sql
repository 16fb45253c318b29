-- Leases that are over, of all organizations.
SELECT organization_id, id FROM chunk WHERE state = 1 AND lease_until < clock_timestamp() LIMIT 200
