-- The audience of a broadcast from person to person; `most` people of it.
SELECT a.recipient_id AS recipient, a.name, a.household_id AS household, a.unit_id AS unit, u.name AS unit_name,
       a.language, a.grade, a.looked, a.choice, a.needs_help
  FROM audience a LEFT JOIN unit u ON u.id = a.unit_id
 WHERE a.broadcast_id = %(broadcast)s AND a.recipient_id > %(after)s AND a.recipient_id <= %(upto)s
 ORDER BY a.recipient_id LIMIT %(most)s
