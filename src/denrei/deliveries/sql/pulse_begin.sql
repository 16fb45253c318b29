-- The first point of a curve is the launch: everybody unreached, nothing written yet.
INSERT INTO pulse (organization_id, broadcast_id, at, unreached)
SELECT organization_id, broadcast_id, started_at, people FROM run WHERE broadcast_id = ANY(%(broadcasts)s::bigint[]) AND wave = 1
ON CONFLICT (broadcast_id, at) DO NOTHING
