-- Store what a provider or a person told, once by its key; the same again is not a row.
WITH told AS (
  SELECT * FROM unnest(%(sources)s::smallint[], %(keys)s::bytea[], %(broadcasts)s::bigint[], %(deliveries)s::bigint[],
                       %(providers)s::text[], %(ranks)s::smallint[], %(states)s::smallint[], %(evidences)s::smallint[],
                       %(reasons)s::smallint[], ARRAY(SELECT json_array_elements_text(%(raws)s::json)))
           u(source, event_key, broadcast_id, delivery_id, provider_id, fold_rank, state, evidence, reason, raw)),
 kept AS (
  INSERT INTO event (organization_id, source, event_key, broadcast_id, delivery_id, provider_id, fold_rank, state, evidence, reason, raw)
  SELECT %(organization)s, source, event_key, broadcast_id, delivery_id, provider_id, fold_rank, state, evidence, reason, raw FROM told
  ON CONFLICT DO NOTHING
  RETURNING source, event_key, delivery_id, provider_id, fold_rank, state, evidence, reason),
 due AS (
  INSERT INTO event_open (organization_id, source, event_key, delivery_id, provider_id, fold_rank, state, evidence, reason)
  SELECT %(organization)s, source, event_key, delivery_id, provider_id, fold_rank, state, evidence, reason
    FROM kept WHERE delivery_id IS NOT NULL OR provider_id <> ''),
 rung AS (INSERT INTO fold_due (organization_id) SELECT %(organization)s WHERE EXISTS (SELECT FROM kept))
SELECT count(*) FROM kept
