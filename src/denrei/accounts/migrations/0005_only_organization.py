"""Who may be asked for before anybody signed in: the organization of an installation of one."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_cache_entry"),
    ]

    operations = [
        # Runs as the owner, who inherits the policy `every`: see organizations.only.
        migrations.RunSQL(
            """
            CREATE FUNCTION only_organization() RETURNS text
            STABLE SECURITY DEFINER LANGUAGE sql SET search_path = pg_catalog, pg_temp
            AS $$ SELECT min(slug) FROM public.organization HAVING count(*) = 1 $$;
            REVOKE ALL ON FUNCTION only_organization() FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION only_organization() TO denrei_app;
            """,
            "DROP FUNCTION only_organization()",
        ),
    ]
