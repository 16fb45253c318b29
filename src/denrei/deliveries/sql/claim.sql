-- Lease the most urgent chunk of a lane. Sees chunk rows of all organizations; they name nobody.
UPDATE chunk SET state = 1, generation = nextval('generation_seq'), claims = claims + 1, claimed_by = %(worker)s,
       in_doubt_max = 0, lease_until = clock_timestamp() + %(lease)s * interval '1 second'
 WHERE id = (SELECT id FROM chunk WHERE state = 0 AND lane = %(lane)s AND priority <= %(worst)s AND not_before <= clock_timestamp()
              ORDER BY lane, priority, pass, rank, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING organization_id, id, broadcast_id, wave, generation, priority
