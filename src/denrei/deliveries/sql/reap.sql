-- A lease is over. What may have been on the wire gets an attempt of unknown fate, and the chunk waits again:
-- silence is never failure. Lanes that leave doubt alone end those deliveries as UNKNOWN.
WITH dead AS MATERIALIZED (
  SELECT c.id, c.generation, c.in_doubt_max, c.broadcast_id, l.doubt = 'leave' AS leave
    FROM chunk c JOIN lane l ON l.id = c.lane
   WHERE c.id = %(chunk)s AND c.state = 1 AND c.lease_until < clock_timestamp() FOR UPDATE OF c SKIP LOCKED),
 doubt AS MATERIALIZED (
  SELECT d.id, dead.generation, dead.broadcast_id, dead.leave FROM dead, LATERAL (
    SELECT id FROM delivery WHERE chunk_id = dead.id AND state = 0 ORDER BY id LIMIT dead.in_doubt_max) d),
 told AS (
  INSERT INTO attempt (organization_id, broadcast_id, delivery_id, generation, kind, state, reason, phase)
  SELECT %(organization)s, broadcast_id, id, generation, 1, CASE WHEN leave THEN 9 ELSE 0 END, 22, 9 FROM doubt
  ON CONFLICT DO NOTHING),
 marked AS (
  UPDATE delivery d SET doubts = d.doubts + 1, reason = 22, tries = d.tries + 1, updated_at = now(),
         state = CASE WHEN doubt.leave THEN 9 ELSE 0 END
    FROM doubt WHERE d.id = doubt.id RETURNING d.state),
 vacated AS (DELETE FROM number_in_use n USING dead WHERE n.generation = dead.generation),
 waiting AS (  -- people who were swept while the chunk was held must be swept again
  UPDATE halt h SET swept = false FROM dead
   WHERE h.broadcast_id = dead.broadcast_id AND h.swept
     AND (h.recipient_id < 0 OR EXISTS (SELECT FROM delivery d WHERE d.broadcast_id = h.broadcast_id AND d.recipient_id = h.recipient_id
                                           AND d.chunk_id = dead.id AND d.state = 0)))
UPDATE chunk c SET open = c.open - (SELECT count(*) FROM marked WHERE state <> 0),
       state = CASE WHEN c.open = (SELECT count(*) FROM marked WHERE state <> 0) THEN 2 ELSE 0 END,
       in_doubt_max = 0, not_before = clock_timestamp()
  FROM dead WHERE c.id = dead.id
RETURNING c.id, c.lane, (SELECT count(*) FROM doubt), extract(epoch FROM clock_timestamp() - c.lease_until)::float
