-- Lanes with work that may be claimed now, each with its best priority.
SELECT lane, min(priority) FROM chunk WHERE state = 0 AND not_before <= clock_timestamp() GROUP BY lane
