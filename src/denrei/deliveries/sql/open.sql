-- The owner's promise before the first row of a chunk is released: so many of its rows may be in doubt from now on.
UPDATE chunk SET in_doubt_max = %(window)s WHERE id = %(chunk)s AND generation = %(generation)s AND state = 1 RETURNING id
