-- The others of a household whom a delivery of this slice's people reaches as well.
WITH step AS MATERIALIZED (SELECT * FROM unnest(%(media)s::smallint[], %(slots)s::smallint[]) s(medium, slots)),
 follower AS MATERIALIZED (
  SELECT a.recipient_id, a.household_id, c.id AS contact_id, c.medium, c.address_key, s.slots
    FROM audience a JOIN contact c ON c.recipient_id = a.recipient_id AND c.receives AND c.state < 2
    JOIN step s ON s.medium = c.medium AND c.slot <= s.slots
   WHERE a.broadcast_id = %(broadcast)s AND a.household_id IS NOT NULL
     AND a.recipient_id > %(cursor)s AND a.recipient_id <= %(upto)s),
 pair AS MATERIALIZED (
  SELECT DISTINCT ON (f.recipient_id, f.contact_id) f.recipient_id, f.contact_id, d.id AS delivery_id
    FROM follower f
    JOIN audience a ON a.broadcast_id = %(broadcast)s AND a.household_id = f.household_id AND a.recipient_id < f.recipient_id
    JOIN contact c ON c.recipient_id = a.recipient_id AND c.medium = f.medium AND c.address_key = f.address_key AND c.slot <= f.slots
    JOIN delivery d ON d.broadcast_id = %(broadcast)s AND d.recipient_id = a.recipient_id AND d.contact_id = c.id
                   AND d.medium = c.medium AND d.wave = %(wave)s
   ORDER BY f.recipient_id, f.contact_id, a.recipient_id),
 written AS (
  INSERT INTO cover (organization_id, broadcast_id, delivery_id, recipient_id, contact_id)
  SELECT %(organization)s, %(broadcast)s, delivery_id, recipient_id, contact_id FROM pair
  ON CONFLICT DO NOTHING)
UPDATE delivery SET shared = true WHERE id IN (SELECT delivery_id FROM pair)
