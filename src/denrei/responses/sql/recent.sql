-- Which pages of the organization some addresses opened a moment ago, each by one program. Reads the last few looks of an
-- address and no more, however many come from it.
SELECT seen.address, seen.agent, latest.delivery_id
  FROM unnest(%(addresses)s::text[], %(agents)s::text[]) seen (address, agent)
 CROSS JOIN LATERAL (
   SELECT DISTINCT delivery_id FROM (
     SELECT v.delivery_id, v.user_agent FROM page_view v
      WHERE v.organization_id = %(organization)s AND v.address = seen.address AND v.address <> '' AND v.at > now() - %(seconds)s * interval '1 second'
      ORDER BY v.at DESC LIMIT %(read)s) last
    WHERE last.user_agent = seen.agent) latest
