-- The next slice of a launch: deliveries of all media, suppression, turns and chunks of the next people.
-- Chunk ids are computed, (block << 20) + k: a join with chunks would become
-- a nested loop of rows x chunks while the statistics are young. An address that several people of a household
-- share goes to the one with the lowest id; the others are written to `cover` afterwards: whether all of them
-- have answered is not known here, so that a household's message is halted by the gate (NEW-5). The broadcast is
-- taken along from each person (COVER). A later wave (OPS-1) goes to people of a grade of `most` at the most, or to
-- `chosen` ones: of a household to the first of *them*, unless a slice before has covered this address. A `patient` one
-- (a reminder) leaves out contacts for which an earlier message still waits: after an outage nobody gets all at once.
-- `bound`: how far the audience is complete while the rest is on the roster (FREEZE).
WITH step AS MATERIALIZED (
  SELECT * FROM unnest(%(media)s::smallint[], %(lanes)s::int[], %(sizes)s::int[], %(bases)s::bigint[], %(steps)s::int[], %(blocks)s::bigint[],
                       %(afters)s::int[], %(sequential)s::boolean[], %(slots)s::smallint[])
           s(medium, lane, size, base, step, block, after, sequential, slots)),
 halt_all AS MATERIALIZED (SELECT reason FROM halt WHERE broadcast_id = %(broadcast)s AND recipient_id = -%(wave)s),
 person AS MATERIALIZED (
  SELECT broadcast_id, recipient_id, household_id, language FROM audience
   WHERE broadcast_id = %(broadcast)s AND recipient_id > %(cursor)s AND grade <= %(most)s
     AND (%(bound)s::bigint IS NULL OR recipient_id <= %(bound)s)
     AND (%(chosen)s::bigint[] IS NULL OR recipient_id = ANY(%(chosen)s::bigint[])) ORDER BY recipient_id LIMIT %(people)s),
 reach AS MATERIALIZED (
  SELECT p.recipient_id, p.language, c.id, c.address, s.*, b.until > now() AS bad, b.until IS NOT NULL AS watched,
         h.reason AS halt
    FROM person p
    JOIN contact c ON c.recipient_id = p.recipient_id AND c.receives AND c.state < 2
    JOIN step s ON s.medium = c.medium AND c.slot <= s.slots
    LEFT JOIN suppression b ON b.address_key = c.address_key AND b.medium = c.medium AND b.organization_id = %(organization)s
    LEFT JOIN halt h ON h.broadcast_id = p.broadcast_id AND h.recipient_id = p.recipient_id AND p.household_id IS NULL
   WHERE (p.household_id IS NULL OR NOT EXISTS (
     SELECT FROM audience a JOIN contact o ON o.recipient_id = a.recipient_id
      WHERE a.broadcast_id = p.broadcast_id AND a.household_id = p.household_id AND a.recipient_id < p.recipient_id
        AND a.grade <= %(most)s AND (%(chosen)s::bigint[] IS NULL OR a.recipient_id = ANY(%(chosen)s::bigint[]))
        AND o.medium = c.medium AND o.address_key = c.address_key AND o.receives AND o.state < 2 AND o.slot <= s.slots)
     AND (%(wave)s = 1 OR NOT EXISTS (
     SELECT FROM cover v JOIN delivery d ON d.id = v.delivery_id
      WHERE v.broadcast_id = p.broadcast_id AND v.recipient_id = p.recipient_id AND v.contact_id = c.id AND d.wave = %(wave)s)))
     AND NOT (%(patient)s::boolean AND (EXISTS (
     SELECT FROM delivery d
      WHERE d.broadcast_id = p.broadcast_id AND d.recipient_id = p.recipient_id AND d.contact_id = c.id AND d.state = 0) OR EXISTS (
     SELECT FROM cover v JOIN delivery d ON d.id = v.delivery_id
      WHERE v.broadcast_id = p.broadcast_id AND v.recipient_id = p.recipient_id AND v.contact_id = c.id AND d.state = 0)))),
 turned AS MATERIALIZED (
  SELECT *, coalesce(bad, false) AS suppressed, coalesce((SELECT reason FROM halt_all), halt) AS halt_reason,
         CASE WHEN sequential THEN row_number() OVER (PARTITION BY recipient_id, medium, coalesce(bad, false) ORDER BY id)
              ELSE 1 END::smallint AS turn
    FROM reach),
 fated AS MATERIALIZED (
  SELECT *, CASE WHEN suppressed THEN 7 WHEN halt_reason IS NOT NULL THEN halt_state(halt_reason) ELSE 0 END::smallint AS state,
         NOT suppressed AND halt_reason IS NULL AND turn = 1 AND after = 0 AS ready
    FROM turned),
 planned AS (
  INSERT INTO delivery (organization_id, broadcast_id, wave, recipient_id, contact_id, chunk_id, next_at, lane, medium,
                        turn, state, reason, watched, language, address)
  SELECT %(organization)s, %(broadcast)s, %(wave)s, recipient_id, id,
         CASE WHEN ready THEN (block << 20) + (row_number() OVER (PARTITION BY lane, ready ORDER BY recipient_id) - 1) / size END,
         CASE WHEN state = 0 AND NOT ready AND turn = 1 THEN %(started)s::timestamptz + after * interval '1 second' END,
         lane, medium, turn, state, CASE state WHEN 7 THEN 60 WHEN 0 THEN 0 ELSE halt_reason END, coalesce(watched, false), language, address
    FROM fated
  ON CONFLICT DO NOTHING
  RETURNING id, state, lane, chunk_id),
 cut AS (
  INSERT INTO chunk (organization_id, id, broadcast_id, wave, lane, priority, pass, rank, open)
  SELECT %(organization)s, chunk_id, %(broadcast)s, %(wave)s, x.lane, %(priority)s, 0, s.base + (chunk_id & 1048575) * s.step, n
    FROM (SELECT chunk_id, lane, count(*) AS n FROM planned WHERE chunk_id IS NOT NULL GROUP BY 1, 2) x
    JOIN (SELECT DISTINCT ON (lane) lane, base, step FROM step ORDER BY lane) s USING (lane)
  RETURNING id)
SELECT (SELECT count(*) FROM person), (SELECT coalesce(max(recipient_id), 0) FROM person), n, (SELECT count(*) FROM cut), coalesce(left_out, '{}')
  FROM (SELECT count(*) AS n, array_agg(id) FILTER (WHERE state = 7) AS left_out FROM planned) p  -- left out: may ask an operator to act
