-- The deliveries of a chunk just claimed; a statement of its own, after the claim has committed: a fresh snapshot.
-- `known`: handed over under an older generation whose record came after the reaper's, whatever chunk it was in
-- then; it is recorded, not sent again.
-- `bad`: its address was suppressed after the launch (EMC-6).
SELECT d.id, d.recipient_id, d.address, d.language, d.tries, d.misses, d.shared,
       CASE WHEN d.shared THEN (SELECT array_agg(c.recipient_id) FROM cover c WHERE c.delivery_id = d.id) END AS others,
       d.doubts > 0 AND EXISTS (
         SELECT FROM attempt a JOIN attempt u ON u.delivery_id = a.delivery_id AND u.generation = a.generation AND u.kind = 1
          WHERE a.delivery_id = d.id AND a.kind = 0 AND a.state IN (1, 2)) AS known,
       d.watched AND EXISTS (
         SELECT FROM contact c JOIN suppression s ON s.address_key = c.address_key AND s.medium = c.medium AND s.organization_id = c.organization_id
          WHERE c.id = d.contact_id AND s.until > now()) AS bad
  FROM delivery d WHERE d.chunk_id = %(chunk)s AND d.state = 0 ORDER BY d.id
