-- ... deliveries, with whether a worker holds them at this moment.
SELECT d.id AS delivery, d.recipient_id AS recipient, d.contact_id AS contact, d.wave, d.medium, d.turn, d.state,
       d.fold_rank AS rank, d.evidence, d.reason, d.tries, d.misses, d.doubts, d.shared,
       d.state = 0 AND EXISTS (SELECT FROM chunk c WHERE c.id = d.chunk_id AND c.state = 1) AS in_work,
       d.next_at, d.updated_at, d.language, d.address
  FROM chosen JOIN delivery d ON d.id = chosen.id ORDER BY d.recipient_id, d.id
