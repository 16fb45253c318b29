-- Nothing more for these people (or, -wave, for nobody of the wave). The first reason stands. The bell rings where it was new.
WITH halted AS (
  INSERT INTO halt (organization_id, broadcast_id, recipient_id, reason, actor_id)
  SELECT %(organization)s, %(broadcast)s, r, %(reason)s, %(actor)s FROM unnest(%(people)s::bigint[]) r ORDER BY r
  ON CONFLICT DO NOTHING RETURNING recipient_id)
SELECT recipient_id, (SELECT pg_notify('denrei_bell', '')) FROM halted
