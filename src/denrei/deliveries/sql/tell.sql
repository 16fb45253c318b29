-- Take one alarm whose beginning or end is to be told; nobody else tells it until `try_at`, when it is tried again.
UPDATE alarm SET tries = tries + 1,
       try_at = now() + (%(pauses)s::int[])[least(tries + 1, cardinality(%(pauses)s::int[]))] * interval '1 second'
 WHERE id = (SELECT id FROM alarm WHERE organization_id = %(organization)s AND try_at <= now()
                AND (told_at IS NULL OR ended_at IS NOT NULL AND end_told_at IS NULL)
                AND (ended_at IS NULL OR end_told_at IS NULL AND ended_at > now() - interval '1 day')
              ORDER BY try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
