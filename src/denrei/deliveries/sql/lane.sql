-- The settings of a lane.
SELECT id, medium, chunk_size, "window", lease_seconds, sequential, rounds, round_gap_seconds, retry_seconds, doubt
  FROM lane WHERE id = %(lane)s AND enabled
