-- Answers call for help: a new call, the open one confirmed, or the closed one opened again as if it were new.
INSERT INTO help_call AS c (organization_id, broadcast_id, recipient_id, opened_at, worsened, response_id)
SELECT %(organization)s, %(broadcast)s, told.*
  FROM unnest(%(people)s::bigint[], %(times)s::timestamptz[], %(worsened)s::boolean[], %(responses)s::bigint[]) told
ON CONFLICT (broadcast_id, recipient_id) DO UPDATE
   SET response_id = excluded.response_id,
       opened_at = CASE WHEN c.closed_at IS NULL THEN c.opened_at ELSE excluded.opened_at END,
       worsened = excluded.worsened OR (c.closed_at IS NULL AND c.worsened),
       taken_by_id = CASE WHEN c.closed_at IS NULL THEN c.taken_by_id END,
       taken_at = CASE WHEN c.closed_at IS NULL THEN c.taken_at END,
       closed_at = NULL, closed_by_id = NULL
