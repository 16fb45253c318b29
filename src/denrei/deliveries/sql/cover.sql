-- The others of a household whom a delivery of this slice's people reaches as well, those of later slices too:
-- from its first moment a shared delivery knows everybody whose answer it must wait for (NEW-5). With + 0 the planner
-- can't take the whole broadcast for each person, which looks like one row while the statistics are young.
WITH step AS MATERIALIZED (SELECT * FROM unnest(%(media)s::smallint[], %(slots)s::smallint[]) s(medium, slots)),
 first AS MATERIALIZED (
  SELECT d.id AS delivery_id, a.broadcast_id, a.household_id, d.recipient_id, d.medium, c.address_key, s.slots
    FROM audience a
    JOIN delivery d ON d.broadcast_id = a.broadcast_id + 0 AND d.recipient_id = a.recipient_id AND d.wave = %(wave)s
    JOIN contact c ON c.id = d.contact_id
    JOIN step s ON s.medium = d.medium
   WHERE a.broadcast_id = %(broadcast)s AND a.household_id IS NOT NULL
     AND a.recipient_id > %(cursor)s AND a.recipient_id <= %(upto)s),
 pair AS MATERIALIZED (
  SELECT first.delivery_id, a.recipient_id, c.id AS contact_id
    FROM first
    JOIN audience a ON a.broadcast_id = first.broadcast_id AND a.household_id = first.household_id AND a.recipient_id > first.recipient_id
    JOIN contact c ON c.recipient_id = a.recipient_id AND c.medium = first.medium AND c.address_key = first.address_key
                  AND c.slot <= first.slots AND c.receives AND c.state < 2),
 written AS (
  INSERT INTO cover (organization_id, broadcast_id, delivery_id, recipient_id, contact_id)
  SELECT %(organization)s, %(broadcast)s, delivery_id, recipient_id, contact_id FROM pair
  ON CONFLICT DO NOTHING)
UPDATE delivery SET shared = true WHERE id IN (SELECT delivery_id FROM pair)
