-- ... and the chunks: what each says is open beside what waits in it.
SELECT concat_ws('/', 'chunk', c.id), c.open::bigint, count(d.id) FROM chunk c
  LEFT JOIN delivery d ON d.chunk_id = c.id AND d.state = 0
 WHERE c.broadcast_id = %(broadcast)s GROUP BY c.id, c.open HAVING c.open <> count(d.id)
