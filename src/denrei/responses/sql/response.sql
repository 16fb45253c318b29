-- Keep answers of one broadcast; their people are locked, so each gets a number above those of its person's answers before.
INSERT INTO response (organization_id, broadcast_id, recipient_id, delivery_id, medium, choice, choice_words, needs_help, worsened,
                      comment, source, late, actor_id)
SELECT %(organization)s, %(broadcast)s, heard.*, %(actor)s
  FROM unnest(%(people)s::bigint[], %(deliveries)s::bigint[], %(media)s::smallint[], %(choices)s::text[], %(words)s::text[],
              %(helps)s::boolean[], %(worsened)s::boolean[], %(comments)s::text[], %(sources)s::text[], %(lates)s::boolean[]) heard
RETURNING recipient_id, id, at
