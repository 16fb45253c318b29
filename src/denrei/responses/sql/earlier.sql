-- What was answered and looked at before there were counters of it: on the audience, whose triggers count it, and as
-- calls for help where the last word of this week was one.
-- The rows are behind the wall, also for the owner: each organization is acted for in turn.
DO $$ DECLARE one bigint; BEGIN
  FOR one IN SELECT id FROM organization LOOP
    PERFORM set_config('denrei.organization', one::text, true);

    UPDATE audience a SET choice = latest.choice, needs_help = latest.needs_help
      FROM (SELECT DISTINCT ON (broadcast_id, recipient_id) broadcast_id, recipient_id, choice, needs_help
              FROM response ORDER BY broadcast_id, recipient_id, id DESC) latest
     WHERE a.broadcast_id = latest.broadcast_id AND a.recipient_id = latest.recipient_id AND latest.choice <> '';

    UPDATE audience a SET looked = seen.looked
      FROM (SELECT broadcast_id, recipient_id, max(looked) AS looked FROM (
              SELECT d.broadcast_id, d.recipient_id, CASE v.kind WHEN 'open' THEN 2 ELSE 1 END::smallint AS looked
                FROM page_view v JOIN delivery d ON d.id = v.delivery_id
              UNION ALL SELECT c.broadcast_id, c.recipient_id, CASE v.kind WHEN 'open' THEN 2 ELSE 1 END::smallint
                FROM page_view v JOIN cover c ON c.delivery_id = v.delivery_id) each_look GROUP BY 1, 2) seen
     WHERE a.broadcast_id = seen.broadcast_id AND a.recipient_id = seen.recipient_id;

    INSERT INTO help_call (organization_id, broadcast_id, recipient_id, opened_at, response_id)
    SELECT organization_id, broadcast_id, recipient_id, at, id
      FROM (SELECT DISTINCT ON (broadcast_id, recipient_id) * FROM response ORDER BY broadcast_id, recipient_id, id DESC) latest
     WHERE needs_help AND at > now() - interval '7 days';
  END LOOP;
  PERFORM set_config('denrei.organization', '', true);
END $$;
