-- The janitor's list of work: waves that are not finished, the urgent ones first. Names nobody.
SELECT organization_id, broadcast_id, wave, stage, give_up_at <= now() FROM run WHERE stage < 2 ORDER BY priority, broadcast_id
