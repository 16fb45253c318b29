-- Renew the leases that are still mine; a chunk that does not come back is dropped at once.
UPDATE chunk c SET lease_until = clock_timestamp() + %(lease)s * interval '1 second'
  FROM unnest(%(chunks)s::bigint[], %(generations)s::bigint[]) mine(id, generation)
 WHERE c.id = mine.id AND c.generation = mine.generation AND c.state = 1 RETURNING c.id
