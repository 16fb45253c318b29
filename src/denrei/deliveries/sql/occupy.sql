-- Reserve a number for one call, over all broadcasts and organizations; no row: it is being called already.
INSERT INTO number_in_use AS n (number, generation, until)
VALUES (%(number)s, %(generation)s, clock_timestamp() + %(lease)s * interval '1 second')
ON CONFLICT (number) DO UPDATE SET generation = excluded.generation, until = excluded.until
 WHERE n.until < clock_timestamp() OR n.generation = excluded.generation
RETURNING generation
