-- Keep looks at pages of one broadcast; tell in their order for which of them the link that no human sees was followed by the
-- same a moment ago. The transaction waits for no disk, and from here on for no lock longer than a second.
WITH look AS MATERIALIZED (
  SELECT * FROM ROWS FROM (
    json_to_recordset(%(looks)s::json) AS (delivery_id bigint, kind text, user_agent text, address text))
    WITH ORDINALITY AS look (delivery_id, kind, user_agent, address, place)),
 kept AS (
  INSERT INTO page_view (organization_id, broadcast_id, delivery_id, kind, user_agent, address)
  SELECT %(organization)s, %(broadcast)s, delivery_id, kind, user_agent, address FROM look ORDER BY place)
SELECT look.kind = 'open' AND EXISTS (
         SELECT FROM page_view trap
          WHERE trap.broadcast_id = %(broadcast)s AND trap.delivery_id = look.delivery_id AND trap.kind = 'canary'
            AND trap.address = look.address AND trap.user_agent = look.user_agent AND trap.at > now() - %(betrayed)s * interval '1 second')
  FROM look, set_config('synchronous_commit', 'off', true) AS disk, set_config('lock_timeout', '1s', true) AS lock
 ORDER BY place
