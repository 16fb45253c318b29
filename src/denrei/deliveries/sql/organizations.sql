-- Every organization, for the slow round of the watch. Names nobody.
SELECT id FROM organization ORDER BY id
