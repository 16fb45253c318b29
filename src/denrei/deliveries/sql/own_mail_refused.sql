-- A message to an operator himself was refused: an alarm until one is accepted or his address is another one.
INSERT INTO alarm AS a (organization_id, kind, operator_id, words) VALUES (%(organization)s, 'operator_mail', %(operator)s, %(facts)s)
ON CONFLICT (organization_id, kind, broadcast_id, gateway_id, operator_id) WHERE ended_at IS NULL
DO UPDATE SET words = excluded.words, seen_at = now()
