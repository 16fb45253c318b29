-- Who was meant by a large broadcast and is not in its audience yet: pages of people in order of id, written with the
-- press; the janitor writes them into the audience, slice by slice (ADR 0024). Nobody joins and nobody leaves meanwhile.
CREATE TABLE roster (
  organization_id bigint NOT NULL,
  broadcast_id bigint NOT NULL,
  first bigint NOT NULL,                         -- the lowest of them
  people bigint[] NOT NULL,
  PRIMARY KEY (broadcast_id, first)
);
-- As they are: to compress them costs more than to write them.
ALTER TABLE roster ALTER COLUMN people SET STORAGE EXTERNAL;

-- A worker of an earlier version knows nothing of pages: it would take the audience of this moment for all of it, end the
-- launch, and lose the rest. Its slice fails as one that must be tried again, until a newer worker has done it (ADR 0023).
CREATE FUNCTION roster_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('denrei.reads_roster', true), '') <> 'on'
     AND EXISTS (SELECT FROM roster r WHERE r.broadcast_id = OLD.broadcast_id) THEN
    RAISE EXCEPTION 'the audience of broadcast % is not complete yet', OLD.broadcast_id USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NEW;
END $$;
