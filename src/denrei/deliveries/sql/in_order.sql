-- For the rest of this transaction: it knows that a part of the audience may be on the roster (FREEZE), and it walks an
-- index in its order and stops. On young statistics SLICE took its next people by a
-- bitmap of everybody who was left, and sorted them: with a million people half a million rows for each slice, on average.
SELECT set_config('denrei.reads_roster', 'on', true), set_config('enable_bitmapscan', 'off', true)
