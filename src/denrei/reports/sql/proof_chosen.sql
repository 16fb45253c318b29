-- What the statements of a proof file begin with: the deliveries to some people, and (`covered`) those to others of
-- their households that reach them as well.
WITH chosen AS MATERIALIZED (
  SELECT d.id, d.recipient_id FROM delivery d
   WHERE d.broadcast_id = %(broadcast)s AND d.recipient_id > %(after)s AND d.recipient_id <= %(upto)s
  UNION
  SELECT d.id, d.recipient_id FROM cover c JOIN delivery d ON d.id = c.delivery_id
   WHERE %(covered)s AND c.broadcast_id = %(broadcast)s AND c.recipient_id > %(after)s AND c.recipient_id <= %(upto)s)
