"""The wall between organizations stands on every table."""

from __future__ import annotations

import pytest
from django.db import connection

#: Tables that name no organization and no person.
WITHOUT_TENANTS = {
    "django_migrations",
    "django_content_type",
    # attempts and used codes, for minutes
    "cache_entry",
    # Django's own groups and permissions: empty, and not granted to the application
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
}


@pytest.mark.django_db
@pytest.mark.spec("ALL-5")
def test_every_table_has_forced_row_level_security_and_a_policy() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, count(p.oid)"
            " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " GROUP BY 1, 2, 3"
        )
        rows = cursor.fetchall()

    bare = {
        name
        for name, enabled, forced, policies in rows
        if not (enabled and forced and policies)
        and name not in WITHOUT_TENANTS
        and not name.startswith("procrastinate_")
    }

    assert bare == set()


@pytest.mark.django_db
def test_the_application_is_not_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        row = cursor.fetchone()

    assert row == ("denrei_app", False, False)
