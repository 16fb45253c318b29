-- What is wrong in an organization at this moment (OPS-5): kind, broadcast, gateway, operator, facts for the sentence.
SELECT 'stall', m.broadcast_id, NULL::bigint, NULL::bigint,
       jsonb_build_object('left', (SELECT coalesce(sum(n), 0) FROM tally t WHERE t.broadcast_id = m.broadcast_id AND t.state = 0))
  FROM run r JOIN motion m ON m.broadcast_id = r.broadcast_id
 WHERE r.organization_id = %(organization)s AND r.stage < 2 AND m.still_since < now() - %(stall)s * interval '1 second'
 GROUP BY m.broadcast_id
UNION ALL
SELECT 'gateway', NULL, g.id, NULL,
       jsonb_build_object('name', g.name, 'trouble', g.trouble, 'others', (
         SELECT count(*) FROM gateway o WHERE o.lane_id = g.lane_id AND o.enabled AND o.trouble = ''))
  FROM gateway g JOIN lane l ON l.id = g.lane_id AND l.enabled
 WHERE (g.organization_id IS NULL OR g.organization_id = %(organization)s)
   AND g.enabled AND g.trouble <> '' AND g.trouble_since < now() - %(trouble)s * interval '1 second'
UNION ALL
SELECT 'broken', broadcast_id, NULL, NULL, '{}' FROM run WHERE organization_id = %(organization)s AND broken_at IS NOT NULL
 GROUP BY broadcast_id
UNION ALL
SELECT 'operator_mail', NULL, NULL, o.id,
       CASE WHEN a.words ->> 'refused' = o.key THEN a.words - 'suppressed' ELSE jsonb_build_object('suppressed', s.reason) END
  FROM unnest(%(operators)s::bigint[], %(keys)s::text[]) o(id, key)
  LEFT JOIN suppression s ON s.address_key = o.key AND s.medium = %(medium)s AND s.organization_id = %(organization)s AND s.until > now()
  LEFT JOIN alarm a ON a.operator_id = o.id AND a.kind = 'operator_mail' AND a.organization_id = %(organization)s AND a.ended_at IS NULL
 WHERE s.address_key IS NOT NULL OR a.words ->> 'refused' = o.key
