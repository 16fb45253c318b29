-- ... and what an open broadcast had left out because of it goes out as well (EMC-6), a number when it is its turn
-- (NEXT_TURN). The lock: none of them ends before this commits (FINISH).
WITH open AS MATERIALIZED (
  SELECT broadcast_id, wave FROM run WHERE organization_id = %(organization)s AND stage < 2 ORDER BY 1, 2 FOR SHARE)
UPDATE delivery d SET state = 0, reason = 0, next_at = CASE WHEN NOT l.sequential THEN now() END, chunk_id = NULL, updated_at = now()
  FROM contact c, open r, lane l
 WHERE c.organization_id = %(organization)s AND c.medium = %(medium)s AND c.address_key = %(address_key)s AND d.contact_id = c.id
   AND r.broadcast_id = d.broadcast_id AND r.wave = d.wave AND l.id = d.lane
   AND d.recipient_id = c.recipient_id AND d.state = 7
   AND halted(d.broadcast_id, d.wave, d.recipient_id, d.id, d.shared) IS NULL
RETURNING d.id
