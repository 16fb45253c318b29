-- Open and close alarms by what is wrong now. One whose cause came back before its end was told is opened again and not
-- told anew; one whose cause has been gone for some seconds ends.
WITH cause AS MATERIALIZED (
  SELECT * FROM unnest(%(kinds)s::text[], %(broadcasts)s::bigint[], %(gateways)s::bigint[], %(operators)s::bigint[], %(facts)s::jsonb[])
      c(kind, broadcast_id, gateway_id, operator_id, words)),
 known AS MATERIALIZED (
  SELECT a.id, c.words, c.kind IS NOT NULL AS lasts, a.ended_at FROM alarm a LEFT JOIN cause c
      ON c.kind = a.kind AND (c.broadcast_id, c.gateway_id, c.operator_id) IS NOT DISTINCT FROM (a.broadcast_id, a.gateway_id, a.operator_id)
   WHERE a.organization_id = %(organization)s AND (a.ended_at IS NULL OR a.end_told_at IS NULL AND a.ended_at > now() - %(calm)s * interval '1 second')),
 seen AS (
  UPDATE alarm a SET seen_at = now(), ended_at = NULL, words = known.words, try_at = CASE WHEN known.ended_at IS NULL THEN a.try_at ELSE now() END
    FROM known WHERE a.id = known.id AND known.lasts AND (a.seen_at < now() - interval '1 second' OR a.ended_at IS NOT NULL)),
 gone AS (
  UPDATE alarm a SET ended_at = now(), tries = 0, refusal = '', try_at = now() + %(calm)s * interval '1 second'
    FROM known WHERE a.id = known.id AND NOT known.lasts AND a.ended_at IS NULL AND a.seen_at < now() - %(gone)s * interval '1 second')
INSERT INTO alarm (organization_id, kind, broadcast_id, gateway_id, operator_id, words)
SELECT %(organization)s, c.kind, c.broadcast_id, c.gateway_id, c.operator_id, c.words FROM cause c
 WHERE NOT EXISTS (SELECT FROM alarm a JOIN known ON known.id = a.id WHERE a.kind = c.kind
                      AND (c.broadcast_id, c.gateway_id, c.operator_id) IS NOT DISTINCT FROM (a.broadcast_id, a.gateway_id, a.operator_id))
ON CONFLICT (organization_id, kind, broadcast_id, gateway_id, operator_id) WHERE ended_at IS NULL DO NOTHING
