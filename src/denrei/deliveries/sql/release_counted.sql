-- How many deliveries a release of an address would send now, as RELEASE_WAITING finds them.
SELECT count(*) FROM contact c, run r, delivery d
 WHERE c.organization_id = %(organization)s AND c.medium = %(medium)s AND c.address_key = %(address_key)s
   AND r.organization_id = %(organization)s AND r.stage < 2 AND d.contact_id = c.id
   AND r.broadcast_id = d.broadcast_id AND r.wave = d.wave
   AND d.recipient_id = c.recipient_id AND d.state = 7
   AND halted(d.broadcast_id, d.wave, d.recipient_id, d.id, d.shared) IS NULL
