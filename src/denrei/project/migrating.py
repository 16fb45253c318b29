"""Bring the database to the schema of this version, as its owner.

Django's migrations first, then what the queue's own tables need: procrastinate makes them, and
its migrations know nothing of our roles.
"""

from __future__ import annotations

import os

import django
from django.core.management import call_command
from django.db import connection

#: The queue holds jobs without personal data; every process may add and take them.
_QUEUE_RIGHTS = """
DO $$ DECLARE found regclass; BEGIN
  FOR found IN SELECT oid::regclass FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname LIKE 'procrastinate\\_%' AND relkind IN ('r', 'p')
  LOOP EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO denrei_app', found); END LOOP;
  FOR found IN SELECT oid::regclass FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname LIKE 'procrastinate\\_%' AND relkind = 'S'
  LOOP EXECUTE format('GRANT USAGE ON SEQUENCE %s TO denrei_app', found); END LOOP;
END $$;
GRANT SELECT ON django_migrations TO denrei_app;
"""


def migrate(verbosity: int = 0) -> None:
    """Apply all migrations and grants; the process must act as the owner. May be repeated."""
    call_command("migrate", interactive=False, verbosity=verbosity)
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE_RIGHTS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denrei.project.settings")
    os.environ["DENREI_DATABASE_ROLE"] = "owner"
    django.setup()
    migrate()
