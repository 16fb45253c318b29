-- What a proof file says first: the broadcast, who sent it, and how far the organization is sealed.
SELECT o.name AS organization, o.slug AS slug, b.id AS broadcast, b.drill, b.priority, b.launched_at,
       s.name AS launched_by, b.give_up_at, b.corrects_id AS corrects, encode(b.request_sha256, 'hex') AS request_sha256, b.content,
       coalesce((SELECT xid FROM seal_horizon h WHERE h.organization_id = b.organization_id), 0) AS sealed_before,
       o.time_zone, now() AS exported_at
  FROM broadcast b JOIN organization o ON o.id = b.organization_id LEFT JOIN operator s ON s.id = b.launched_by_id
 WHERE b.id = %(broadcast)s
