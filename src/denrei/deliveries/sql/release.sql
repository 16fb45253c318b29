-- Give back a chunk of which nothing is on the wire: a worker that ends in order leaves no lease behind.
UPDATE chunk SET state = 0, in_doubt_max = 0 WHERE id = %(chunk)s AND generation = %(generation)s AND state = 1 RETURNING id
