-- Reservations whose time has come. Names nobody.
SELECT organization_id, id FROM scheduled WHERE state = 'waiting' AND launch_at <= now() ORDER BY launch_at, id
