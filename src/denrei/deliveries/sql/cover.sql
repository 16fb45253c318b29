-- The others of a household whom a delivery of this slice's people reaches as well, those of later slices too:
-- from its first moment a shared delivery knows everybody whose answer it must wait for (NEW-5). The broadcast is
-- taken along from each person: as a parameter it looks like one row while the statistics are young, and the planner
-- reads the whole broadcast for each person.
WITH step AS MATERIALIZED (SELECT * FROM unnest(%(media)s::smallint[], %(slots)s::smallint[]) s(medium, slots)),
 person AS MATERIALIZED (
  SELECT broadcast_id, recipient_id, household_id FROM audience
   WHERE broadcast_id = %(broadcast)s AND household_id IS NOT NULL
     AND recipient_id > %(cursor)s AND recipient_id <= %(upto)s),
 first AS MATERIALIZED (
  SELECT d.id AS delivery_id, p.broadcast_id, p.household_id, p.recipient_id, d.medium, c.address_key, s.slots
    FROM person p
    JOIN delivery d ON d.broadcast_id = p.broadcast_id AND d.recipient_id = p.recipient_id AND d.wave = %(wave)s
    JOIN contact c ON c.id = d.contact_id
    JOIN step s ON s.medium = d.medium),
 pair AS MATERIALIZED (
  SELECT f.delivery_id, a.recipient_id, c.id AS contact_id
    FROM first f
   CROSS JOIN LATERAL (
     SELECT recipient_id FROM audience
      WHERE broadcast_id = f.broadcast_id AND household_id = f.household_id AND recipient_id > f.recipient_id OFFSET 0) a
    JOIN contact c ON c.recipient_id = a.recipient_id AND c.medium = f.medium AND c.address_key = f.address_key
                  AND c.slot <= f.slots AND c.receives AND c.state < 2),
 written AS (
  INSERT INTO cover (organization_id, broadcast_id, delivery_id, recipient_id, contact_id)
  SELECT %(organization)s, %(broadcast)s, delivery_id, recipient_id, contact_id FROM pair
  ON CONFLICT DO NOTHING)
UPDATE delivery SET shared = true WHERE id IN (SELECT delivery_id FROM pair)
