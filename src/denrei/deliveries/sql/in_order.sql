-- For the rest of this transaction: walk an index in its order and stop. On young statistics SLICE took its next people by a
-- bitmap of everybody who was left, and sorted them: with a million people half a million rows for each slice, on average.
SELECT set_config('enable_bitmapscan', 'off', true)
