-- Keep a look at a page; tell its kind, and whether the link that no human sees was followed by the same a moment ago.
-- One that may be a human's is a crowd's where the same address and program opened many pages of the organization within
-- seconds. That reads the last few looks of the address and no more, however many come from it.
-- The look waits for no disk, and for no lock longer than a second.
WITH crowd AS MATERIALIZED (
  SELECT count(DISTINCT delivery_id) AS pages FROM (
    SELECT delivery_id, user_agent FROM page_view
     WHERE organization_id = %(organization)s AND address = %(crowded)s AND address <> ''
       AND at > now() - %(seconds)s * interval '1 second'
     ORDER BY at DESC LIMIT %(read)s) latest
   WHERE user_agent = %(agent)s)
INSERT INTO page_view (organization_id, broadcast_id, delivery_id, kind, user_agent, address)
SELECT %(organization)s, %(broadcast)s, %(delivery)s,
       CASE WHEN %(kind)s = 'open' AND crowd.pages >= %(pages)s THEN 'crowd' ELSE %(kind)s END, %(agent)s, %(address)s
  FROM crowd, set_config('synchronous_commit', 'off', true) AS disk, set_config('lock_timeout', '1s', true) AS lock
RETURNING kind, kind = 'open' AND EXISTS (
  SELECT FROM page_view trap
   WHERE trap.broadcast_id = %(broadcast)s AND trap.delivery_id = %(delivery)s AND trap.kind = 'canary'
     AND trap.address = %(address)s AND trap.user_agent = %(agent)s AND trap.at > now() - %(betrayed)s * interval '1 second')
