-- Answers take calls for help back: those that are open are closed, by nobody but the answer.
UPDATE help_call c SET closed_at = told.at, closed_by_id = NULL, response_id = told.response
  FROM unnest(%(people)s::bigint[], %(times)s::timestamptz[], %(responses)s::bigint[]) told (recipient, at, response)
 WHERE c.broadcast_id = %(broadcast)s AND c.recipient_id = told.recipient AND c.closed_at IS NULL
