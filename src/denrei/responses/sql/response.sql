-- Keep answers of one broadcast; their people are locked, so each gets a number above those of its person's answers before.
INSERT INTO response (organization_id, broadcast_id, recipient_id, delivery_id, medium, choice, choice_words, needs_help, worsened,
                      comment, source, late, actor_id)
SELECT %(organization)s, %(broadcast)s, recipient, delivery, medium, choice, words, needs_help, worsened, comment, source, late, %(actor)s
  FROM json_to_recordset(%(heard)s::json)
       heard (recipient bigint, delivery bigint, medium smallint, choice text, words text, needs_help boolean, worsened boolean,
              comment text, source text, late boolean)
RETURNING recipient_id, id, at
