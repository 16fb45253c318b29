-- The way back: people are counted by grade alone, as schema.sql made it.
CREATE OR REPLACE FUNCTION audience_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO people_tally AS t (organization_id, broadcast_id, grade, shard, n)
    SELECT organization_id, broadcast_id, grade, denrei_shard(), count(*)
      FROM fresh GROUP BY 1, 2, 3 ORDER BY 2, 3
    ON CONFLICT (broadcast_id, grade, shard) DO UPDATE SET n = t.n + excluded.n;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audience_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO people_tally AS t (organization_id, broadcast_id, grade, shard, n)
    SELECT organization_id, broadcast_id, grade, denrei_shard(), sum(step)
      FROM (SELECT organization_id, broadcast_id, grade, 1 AS step FROM fresh
            UNION ALL SELECT organization_id, broadcast_id, grade, -1 FROM stale) move
     GROUP BY 1, 2, 3 HAVING sum(step) <> 0 ORDER BY 2, 3
    ON CONFLICT (broadcast_id, grade, shard) DO UPDATE SET n = t.n + excluded.n;
  RETURN NULL;
END $$;

-- Counters can't be added up in place under the old key: they are counted anew from the people they count.
-- The wall hides every row from the owner, too, unless it is taken down meanwhile.
ALTER TABLE audience NO FORCE ROW LEVEL SECURITY;
ALTER TABLE people_tally NO FORCE ROW LEVEL SECURITY;
DELETE FROM people_tally;
ALTER TABLE people_tally DROP COLUMN looked, DROP COLUMN choice, DROP COLUMN needs_help,
  ADD PRIMARY KEY (broadcast_id, grade, shard);
INSERT INTO people_tally (organization_id, broadcast_id, grade, shard, n)
  SELECT organization_id, broadcast_id, grade, 0, count(*) FROM audience GROUP BY 1, 2, 3;
DROP INDEX audience_person;
ALTER TABLE audience DROP COLUMN looked, DROP COLUMN choice, DROP COLUMN needs_help;
ALTER TABLE audience FORCE ROW LEVEL SECURITY;
ALTER TABLE people_tally FORCE ROW LEVEL SECURITY;
