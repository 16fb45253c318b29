-- Lanes with work that may be claimed now, each with its best priority: one step into the index for each lane.
SELECT id, priority FROM lane, LATERAL (
  SELECT c.priority FROM chunk c WHERE c.state = 0 AND c.lane = lane.id AND c.not_before <= clock_timestamp()
   ORDER BY c.lane, c.priority, c.pass, c.rank, c.id LIMIT 1) best
