-- A gateway with a rate: when may my next n messages start? Seconds from now.
UPDATE gateway SET free_at = greatest(free_at, clock_timestamp()) + %(n)s / rate * interval '1 second'
 WHERE id = %(gateway)s RETURNING (extract(epoch FROM free_at - clock_timestamp()) - %(n)s / rate)::float
