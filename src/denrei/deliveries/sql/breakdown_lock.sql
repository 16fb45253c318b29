-- One counter at a time for each broadcast: hold the launch in its curve, so that neither slices nor PULSE wait.
SELECT broadcast_id FROM pulse
 WHERE broadcast_id = %(broadcast)s AND at = (SELECT min(at) FROM pulse WHERE broadcast_id = %(broadcast)s) FOR UPDATE SKIP LOCKED
