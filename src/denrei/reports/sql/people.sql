-- People of a broadcast, the weakest grade first and then by id, behind one that was shown. No index names the grade, as that would end heap-only
-- updates: grades that many have are asked for one by one in the order of the key, those of few together. What is NULL does not narrow.
SELECT a.grade, a.recipient_id, a.name, coalesce(u.name, ''), a.looked, a.needs_help
  FROM audience a LEFT JOIN unit u ON u.id = a.unit_id
 WHERE a.broadcast_id = %(broadcast)s AND {grades}
   AND (%(units)s::bigint[] IS NULL OR a.unit_id = ANY(%(units)s::bigint[]))
   AND (%(ids)s::bigint[] IS NULL OR a.recipient_id = ANY(%(ids)s::bigint[]))
   AND (%(looked)s::smallint IS NULL OR a.looked = %(looked)s)
   AND (%(choice)s::text IS NULL OR a.choice = %(choice)s)
   AND (%(needs_help)s::boolean IS NULL OR a.needs_help = %(needs_help)s)
   AND (%(group)s::bigint IS NULL OR a.recipient_id = ANY(ARRAY(  -- looked up by the key; EXISTS beside an OR reads everybody
         SELECT m.recipient_id FROM group_member m WHERE m.group_id = %(group)s)))
   AND (%(patterns)s::text[] IS NULL OR EXISTS (
         SELECT FROM recipient r WHERE r.id = a.recipient_id AND r.search LIKE ANY (%(patterns)s::text[])
            AND (%(searched)s::bigint[] IS NULL OR r.unit_id = ANY(%(searched)s::bigint[]))))
 ORDER BY a.grade, a.recipient_id LIMIT %(most)s
