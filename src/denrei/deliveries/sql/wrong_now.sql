-- What is wrong at this moment, for the banner: open alarms, and unfinished broadcasts at which no worker has looked for
-- half a minute (no worker could write that down).
SELECT id, organization_id, kind, broadcast_id, gateway_id, operator_id, since, words, ended_at, told_at, end_told_at, tries, refusal
  FROM alarm WHERE ended_at IS NULL
UNION ALL
SELECT 0, organization_id, 'no_worker', NULL, NULL, NULL, min(seen_at), '{}', NULL, NULL, NULL, 0, ''
  FROM (SELECT r.organization_id, greatest(m.seen_at, r.started_at) AS seen_at FROM run r
          LEFT JOIN motion m ON m.broadcast_id = r.broadcast_id WHERE r.stage < 2) unfinished
 WHERE seen_at < now() - interval '30 seconds' GROUP BY organization_id
