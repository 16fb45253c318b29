-- Reminders whose time has come. Names nobody.
SELECT organization_id, id FROM reminder WHERE state = 'waiting' AND due_at <= now() ORDER BY due_at, id
