-- What a person was asked by a broadcast, and whether every wave of it was stopped or is past its time to give up. No row: it
-- was not for this person.
SELECT b.content, person.name,
       (SELECT coalesce(bool_and(r.give_up_at < now() OR (
                 SELECT true FROM halt h WHERE h.broadcast_id = r.broadcast_id AND h.recipient_id = -r.wave LIMIT 1) IS NOT NULL), true)
          FROM run r WHERE r.broadcast_id = b.id)
  FROM broadcast b
 CROSS JOIN LATERAL (SELECT name FROM audience a WHERE a.broadcast_id = b.id AND a.recipient_id = %(recipient)s LIMIT 1) person
 WHERE b.id = %(broadcast)s
