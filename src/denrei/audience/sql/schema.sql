-- Who was meant by a broadcast, frozen at launch, and how far each of them was reached.
CREATE TABLE audience (
  organization_id bigint NOT NULL,
  broadcast_id bigint NOT NULL,                  -- no foreign key: a check for each of a million rows
  recipient_id bigint NOT NULL,
  household_id bigint,
  unit_id bigint,
  -- Best evidence over all deliveries and answers (denrei.domain.states.Grade): -1 no contact, 0 unreached.
  grade smallint NOT NULL DEFAULT 0,
  language text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (broadcast_id, recipient_id)
) WITH (fillfactor = 50);
-- Which others of a household are in the same audience: one address, one message (NEW-5).
CREATE INDEX audience_household ON audience (broadcast_id, household_id, recipient_id) WHERE household_id IS NOT NULL;

-- People of a broadcast by grade; kept by the trigger below, in shards so that writers don't queue.
CREATE TABLE people_tally (
  organization_id bigint NOT NULL,
  broadcast_id bigint NOT NULL,
  grade smallint NOT NULL,
  shard smallint NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (broadcast_id, grade, shard)
) WITH (fillfactor = 50);

-- Each process counts in a shard of its own: SET denrei.shard.
CREATE FUNCTION denrei_shard() RETURNS smallint STABLE LANGUAGE sql
  AS $$ SELECT coalesce(nullif(current_setting('denrei.shard', true), ''), '0')::smallint $$;

CREATE FUNCTION audience_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO people_tally AS t (organization_id, broadcast_id, grade, shard, n)
    SELECT organization_id, broadcast_id, grade, denrei_shard(), count(*)
      FROM fresh GROUP BY 1, 2, 3 ORDER BY 2, 3
    ON CONFLICT (broadcast_id, grade, shard) DO UPDATE SET n = t.n + excluded.n;
  RETURN NULL;
END $$;
CREATE TRIGGER audience_frozen AFTER INSERT ON audience
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION audience_frozen();

CREATE FUNCTION audience_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO people_tally AS t (organization_id, broadcast_id, grade, shard, n)
    SELECT organization_id, broadcast_id, grade, denrei_shard(), sum(step)
      FROM (SELECT organization_id, broadcast_id, grade, 1 AS step FROM fresh
            UNION ALL SELECT organization_id, broadcast_id, grade, -1 FROM stale) move
     GROUP BY 1, 2, 3 HAVING sum(step) <> 0 ORDER BY 2, 3
    ON CONFLICT (broadcast_id, grade, shard) DO UPDATE SET n = t.n + excluded.n;
  RETURN NULL;
END $$;
CREATE TRIGGER audience_moved AFTER UPDATE ON audience
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION audience_moved();
