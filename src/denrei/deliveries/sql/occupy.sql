-- Reserve a number for one call, over all broadcasts and organizations; no row: it is being called already,
-- or the chunk is not mine any more. Only the holder of a lease holds a number, whatever a dead one left behind.
INSERT INTO number_in_use AS n (number, generation, until)
SELECT %(number)s, generation, clock_timestamp() + %(lease)s * interval '1 second'
  FROM chunk WHERE state = 1 AND generation = %(generation)s
ON CONFLICT (number) DO UPDATE SET generation = excluded.generation, until = excluded.until
 WHERE n.until < clock_timestamp() OR n.generation = excluded.generation
    OR NOT EXISTS (SELECT FROM chunk c WHERE c.state = 1 AND c.generation = n.generation)
RETURNING generation
