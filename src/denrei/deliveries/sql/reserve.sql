-- A gateway with a rate: when may my next n messages start? Seconds from now; at once where somebody just took the rate away.
UPDATE gateway SET free_at = greatest(free_at, clock_timestamp()) + coalesce(%(n)s / rate, 0) * interval '1 second'
 WHERE id = %(gateway)s RETURNING (extract(epoch FROM free_at - clock_timestamp()) - coalesce(%(n)s / rate, 0))::float
