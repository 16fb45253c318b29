-- Broadcasts with a wave of the last days: seconds since the latest began, and whether one is unfinished. Names nobody.
SELECT organization_id, broadcast_id, extract(epoch FROM now() - max(started_at))::float8, min(stage) < 2 FROM run
 WHERE started_at > now() - %(days)s * interval '1 day' GROUP BY 1, 2 ORDER BY 1, 2
