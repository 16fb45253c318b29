"""Search by one or two characters, and pages of what many have, in an instant (MSG-5, ADR 0027)."""

from __future__ import annotations

from django.db import migrations

from denrei.accounts.rolling import IndexConcurrently

# Each character and each pair of neighbours, once or more: what an index of trigrams cannot tell.
# Plain calls of functions written in C: some 9 us for a person.
_GRAMS = r"""
CREATE OR REPLACE FUNCTION people_grams(search text) RETURNS text[] IMMUTABLE PARALLEL SAFE LANGUAGE sql
RETURN string_to_array(search, NULL)
    || string_to_array(regexp_replace(search, '(..)', E'\\1\t', 'g'), E'\t')
    || string_to_array(regexp_replace(substr(search, 2), '(..)', E'\\1\t', 'g'), E'\t');
"""

# What is wanted, as a condition on `recipient`: one that an index answers, or one that is quickest person by
# person. One or two characters are a gram. Of more, four neighbours that are rare by the statistics are looked
# up: an address has a dozen trigrams that a quarter of all people share, and each would be read to its end.
_CONDITION = r"""
CREATE OR REPLACE FUNCTION people_condition(parts text[], by_index boolean) RETURNS text
STABLE LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  part text;
  rare text;
  said text[] := '{}';
BEGIN
  FOREACH part IN ARRAY parts LOOP
    IF NOT by_index AND part <> '' THEN
      said := said || format('strpos(search, %L) > 0', part);
    ELSIF length(part) IN (1, 2) THEN
      said := said || format('public.people_grams(search) @> ARRAY[%L]', part);
    ELSIF length(part) > 2 THEN
      rare := part;
      IF length(part) > 4 THEN
        SELECT w INTO rare
          FROM generate_series(1, length(part) - 3) i, substr(part, i, 4) w
         ORDER BY (SELECT sum(ln(coalesce(f, 0.0001)))
                     FROM generate_series(1, 3) j LEFT JOIN (
                          SELECT e, f FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) g (e, f)
                           WHERE s.schemaname = 'public' AND s.tablename = 'recipient_grams') g ON e = substr(w, j, 2)), i
         LIMIT 1;
      END IF;
      said := said || format('search LIKE %L AND strpos(search, %L) > 0',
                             '%' || regexp_replace(rare, '([\\%_])', '\\\1', 'g') || '%', part);
    END IF;
  END LOOP;
  RETURN CASE WHEN said = '{}' THEN 'false' ELSE '(' || array_to_string(said, ' OR ') || ')' END;
END $$;
REVOKE ALL ON FUNCTION people_condition(text[], boolean) FROM PUBLIC;
"""

# About how many people there are, the text means, and all of it; and how many stand before the first whom the text
# means in an order, after a person: from random pages, a five-hundredth of all (`denrei.sample` says another share, in per cent:
# tests have few pages). NULL where none of those on the pages is meant.
_ESTIMATE = r"""
CREATE OR REPLACE FUNCTION people_estimate(parts text[], units bigint[], states smallint[], "order" text, after text,
                                           beside bigint, OUT of_all bigint, OUT by_text bigint, OUT meant bigint, OUT before bigint)
STABLE LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  percent CONSTANT numeric := coalesce(nullif(current_setting('denrei.sample', true), ''), '0.2');
BEGIN
  EXECUTE format(
    'SELECT $5 * count(*), $5 * count(*) FILTER (WHERE by_text), $5 * count(*) FILTER (WHERE meant),'
    '       $5 * min(place) FILTER (WHERE by_text)'
    '  FROM (SELECT row_number() OVER (ORDER BY %2$s) AS place, %1$s AS by_text,'
    '               %1$s AND ($1 IS NULL OR unit_id = ANY ($1)) AND ($2 IS NULL OR state = ANY ($2)) AS meant'
    '          FROM public.recipient TABLESAMPLE SYSTEM (%4$s) REPEATABLE (1)'
    '         WHERE organization_id = public.current_organization() %3$s) seen',
    public.people_condition(parts, false), "order", after, percent)
    INTO of_all, by_text, meant, before USING units, states, NULL, beside, (100 / percent)::bigint;
END $$;
REVOKE ALL ON FUNCTION people_estimate(text[], bigint[], smallint[], text, text, bigint) FROM PUBLIC;
"""

# As `people_found` (0002): runs as the owner of the table, tells ids of the transaction's organization and
# nothing else. LIKE and @> are not leakproof, so behind the wall no index would be used for them. Where far
# more are meant than wanted, random pages are read, twice as many as should do: neither the index is read to
# its end, nor does it matter where in the table those who are meant stand.
_HAVING = r"""
CREATE OR REPLACE FUNCTION people_having(parts text[], units bigint[], states smallint[], most integer)
RETURNS SETOF bigint
STABLE SECURITY DEFINER LANGUAGE plpgsql ROWS 1000 SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_indexscan = off
AS $$
DECLARE
  asked CONSTANT text := 'SELECT id FROM public.recipient %s WHERE organization_id = public.current_organization()'
    ' AND ($1 IS NULL OR unit_id = ANY ($1)) AND ($2 IS NULL OR state = ANY ($2)) AND %s LIMIT $3';
  meant CONSTANT bigint := (public.people_estimate(parts, units, states, 'id', '', NULL)).meant;
  found bigint[];
BEGIN
  IF meant > 4 * most THEN
    EXECUTE format('SELECT array_agg(id) FROM (' || asked || ') few',
                   format('TABLESAMPLE SYSTEM (%s)', least(100, 200.0 * most / meant)), public.people_condition(parts, false))
      INTO found USING units, states, most;
    IF cardinality(found) = most THEN
      RETURN QUERY SELECT unnest(found);
      RETURN;
    END IF;
  END IF;
  RETURN QUERY EXECUTE format(asked, '', public.people_condition(parts, true)) USING units, states, most;
END $$;
REVOKE ALL ON FUNCTION people_having(text[], bigint[], smallint[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_having(text[], bigint[], smallint[], integer) TO denrei_app;
"""

# The same in an order, after a person. What many have is mostly met soon by walking the order, which stops when
# the page is full. But names stand together by their reading: where the first of them stands too far behind,
# and where the page is not full in good time after all, all are read by the index, and the first are kept. What
# it sets on its way is restored at its end, as SET names it: else it would be the caller's for his transaction.
_ORDERED = r"""
CREATE OR REPLACE FUNCTION people_ordered(parts text[], units bigint[], states smallint[],
                                          sort text, descending boolean, beside bigint, most integer)
RETURNS SETOF bigint
STABLE SECURITY DEFINER LANGUAGE plpgsql ROWS 100 SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = on SET enable_indexscan = on
AS $$
DECLARE
  about record;
  walk bigint;
  found bigint[];
  ordered text := format(CASE WHEN descending THEN '%I DESC, id DESC' ELSE '%I, id' END, sort);
  after text := '';
  narrowed CONSTANT text := '($1 IS NULL OR unit_id = ANY ($1)) AND ($2 IS NULL OR state = ANY ($2)) AND ';
BEGIN
  IF sort NOT IN ('kana', 'code', 'updated_at') THEN
    RETURN;
  END IF;
  IF beside IS NOT NULL THEN
    after := format(' AND (%1$I, id) %2$s (SELECT %1$I, id FROM public.recipient WHERE id = $4'
                    ' AND organization_id = public.current_organization())',
                    sort, CASE WHEN descending THEN '<' ELSE '>' END);
  END IF;
  about := public.people_estimate(parts, units, states, ordered, after, beside);
  walk := about.before + most * about.of_all / nullif(about.meant, 0);
  IF walk < about.by_text / 2 THEN
    PERFORM set_config('enable_bitmapscan', 'off', true);
    EXECUTE format(
      'SELECT array_agg(id) FROM (SELECT id FROM (SELECT id, unit_id, state, search FROM public.recipient'
      ' WHERE organization_id = public.current_organization()%s ORDER BY %s LIMIT $5) near WHERE '
      || narrowed || '%s LIMIT $3) first', after, ordered, public.people_condition(parts, false))
      INTO found USING units, states, most, beside, 2 * walk + 2000;
    IF cardinality(found) = most THEN
      RETURN QUERY SELECT unnest(found);
      RETURN;
    END IF;
    PERFORM set_config('enable_bitmapscan', 'on', true);
  END IF;
  PERFORM set_config('enable_indexscan', 'off', true);
  RETURN QUERY EXECUTE format(
    'SELECT id FROM public.recipient WHERE organization_id = public.current_organization() AND '
    || narrowed || '%s%s ORDER BY %s LIMIT $3', public.people_condition(parts, true), after, ordered)
    USING units, states, most, beside;
END $$;
REVOKE ALL ON FUNCTION people_ordered(text[], bigint[], smallint[], text, boolean, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_ordered(text[], bigint[], smallint[], text, boolean, bigint, integer) TO denrei_app;
"""
_BACK = """
DROP FUNCTION people_ordered(text[], bigint[], smallint[], text, boolean, bigint, integer);
DROP FUNCTION people_having(text[], bigint[], smallint[], integer);
DROP FUNCTION people_estimate(text[], bigint[], smallint[], text, text, bigint);
DROP FUNCTION people_condition(text[], boolean);
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("directory", "0003_intake"),
    ]

    operations = [
        migrations.RunSQL(_GRAMS, "DROP FUNCTION people_grams(text)"),
        IndexConcurrently("recipient_grams", "recipient USING gin (people_grams(search))"),
        migrations.RunSQL(_CONDITION + _ESTIMATE + _HAVING + _ORDERED, _BACK),
    ]
