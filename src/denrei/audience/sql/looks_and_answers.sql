-- Two more things that are known of each person of an audience, and counted with the grade: who looked at the page,
-- and the answer that counts. None of them is in an index, so that every change stays a heap-only update.
ALTER TABLE audience
  -- denrei.domain.states.Look: 0 nobody opened the page, 1 only programs did, 2 perhaps a human.
  ADD COLUMN looked smallint NOT NULL DEFAULT 0,
  -- Code of the latest answer; '' none, or a confirmation where nothing is asked.
  ADD COLUMN choice text COLLATE "C" NOT NULL DEFAULT '',
  -- The latest answer calls for help.
  ADD COLUMN needs_help boolean NOT NULL DEFAULT false;
CREATE INDEX audience_person ON audience (recipient_id, broadcast_id);         -- the broadcasts of a person

ALTER TABLE people_tally
  ADD COLUMN looked smallint NOT NULL DEFAULT 0,
  ADD COLUMN choice text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN needs_help boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT people_tally_pkey,
  ADD PRIMARY KEY (broadcast_id, grade, looked, choice, needs_help, shard);

CREATE OR REPLACE FUNCTION audience_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO people_tally AS t (organization_id, broadcast_id, grade, looked, choice, needs_help, shard, n)
    SELECT organization_id, broadcast_id, grade, looked, choice, needs_help, denrei_shard(), count(*)
      FROM fresh GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2, 3, 4, 5, 6
    ON CONFLICT (broadcast_id, grade, looked, choice, needs_help, shard) DO UPDATE SET n = t.n + excluded.n;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audience_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO people_tally AS t (organization_id, broadcast_id, grade, looked, choice, needs_help, shard, n)
    SELECT organization_id, broadcast_id, grade, looked, choice, needs_help, denrei_shard(), sum(step)
      FROM (SELECT organization_id, broadcast_id, grade, looked, choice, needs_help, 1 AS step FROM fresh
            UNION ALL SELECT organization_id, broadcast_id, grade, looked, choice, needs_help, -1 FROM stale) move
     GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(step) <> 0 ORDER BY 2, 3, 4, 5, 6
    ON CONFLICT (broadcast_id, grade, looked, choice, needs_help, shard) DO UPDATE SET n = t.n + excluded.n;
  RETURN NULL;
END $$;
