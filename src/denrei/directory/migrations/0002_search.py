"""Search by any part behind the wall, and the orders of the address book (MSG-5)."""

from __future__ import annotations

from django.db import migrations, models

# LIKE is not leakproof: under row-level security no index of trigrams is used for it. This function
# runs as the owner of the table, to whom the policy `search` shows every row, and tells ids of the
# organization that the transaction acts for and nothing else. Should another role come to own the
# function (a restore into another cluster), the wall stands for it as for everybody: slower, never
# wider. EXECUTE plans for these very words: one or two characters have no trigram to look up.
_PEOPLE_FOUND = r"""
CREATE POLICY search ON recipient FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION people_found(parts text[], units bigint[], most integer) RETURNS SETOF bigint
STABLE SECURITY DEFINER LANGUAGE plpgsql ROWS 1000 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  condition text;
BEGIN
  SELECT string_agg(format('search LIKE %L', '%' || regexp_replace(part, '([\\%_])', '\\\1', 'g') || '%'), ' OR ')
    INTO condition FROM unnest(parts) part WHERE part <> '';
  IF condition IS NOT NULL THEN
    RETURN QUERY EXECUTE
      'SELECT id FROM public.recipient WHERE organization_id = public.current_organization()'
      ' AND ($1 IS NULL OR unit_id = ANY ($1)) AND (' || condition || ') LIMIT $2'
      USING units, most;
  END IF;
END $$;
REVOKE ALL ON FUNCTION people_found(text[], bigint[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_found(text[], bigint[], integer) TO denrei_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0001_people"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(fields=["organization", "code", "id"], name="recipient_by_code"),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(
                fields=["organization", "updated_at", "id"], name="recipient_by_change"
            ),
        ),
        migrations.RunSQL(
            _PEOPLE_FOUND,
            "DROP FUNCTION people_found(text[], bigint[], integer); DROP POLICY search ON recipient",
        ),
    ]
