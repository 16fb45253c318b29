from __future__ import annotations

from django.db import migrations

#: What `denrei.deliveries.renumbering` sets when a dump came to another cluster. '' is no cluster, so that
#: the first `denrei migrate` after this looks at the numbers, whichever way the database came here.
FUNCTIONS = """
CREATE FUNCTION ledger_shift() RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT 0::bigint $$;
CREATE FUNCTION ledger_cluster() RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT ''::text $$;
ALTER TABLE attempt ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint + ledger_shift();
ALTER TABLE event ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint + ledger_shift();
"""
NO_FUNCTIONS = """
ALTER TABLE attempt ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint;
ALTER TABLE event ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint;
DROP FUNCTION ledger_shift();
DROP FUNCTION ledger_cluster();
"""


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0008_people_locked_once")]

    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
