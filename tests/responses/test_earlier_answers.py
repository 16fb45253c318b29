"""A database of the version before: migrated by an owner who is no superuser, there and back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import conninfo, sql

OWNER = "denrei_earlier"
#: One broadcast to five people: who opened the page, who answered twice, whose household did.
_ROWS = (
    "INSERT INTO organization (id, slug, name, preset, settings) VALUES (1, 'a', '伝令市', 'city', '{}')",
    """INSERT INTO broadcast (organization_id, id, idempotency_key, request_sha256, content, priority, give_up_at)
       VALUES (1, 1, gen_random_uuid(), '', '{}', 1, now())""",
    """INSERT INTO audience (organization_id, broadcast_id, recipient_id, grade, language, name)
       SELECT 1, 1, n, CASE n WHEN 1 THEN 4 WHEN 2 THEN 4 ELSE 1 END, 'ja', 'p' FROM generate_series(1, 5) n""",
    """INSERT INTO delivery (organization_id, id, broadcast_id, recipient_id, contact_id, lane, wave, medium, turn, language, address)
       SELECT 1, n, 1, n, 0, 0, 1, 1, 1, 'ja', 'a' FROM generate_series(1, 4) n""",
    """INSERT INTO cover (organization_id, broadcast_id, delivery_id, recipient_id, contact_id)
       VALUES (1, 1, 4, 5, 0)""",
    """INSERT INTO response (organization_id, broadcast_id, recipient_id, medium, choice, needs_help, at)
       VALUES (1, 1, 1, 1, '1', false, now()), (1, 1, 1, 1, '3', true, now()),
              (1, 1, 2, 1, '3', true, now() - interval '1 year')""",
    """INSERT INTO page_view (organization_id, broadcast_id, delivery_id, kind)
       VALUES (1, 1, 2, 'head'), (1, 1, 4, 'early'), (1, 1, 4, 'open')""",
)

_MIGRATE = """
import os, sys, django
from django.core.management import call_command
os.environ["DJANGO_SETTINGS_MODULE"] = "denrei.project.settings"
django.setup()
for target in sys.argv[1:]:
    call_command("migrate", *target.split(), verbosity=0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A database that belongs to OWNER."""

    conninfo: str

    def migrate(self, *targets: str) -> None:
        """Bring it to migrations one after the other, each "app" or "app 0001"."""
        subprocess.run(
            [sys.executable, "-c", _MIGRATE, *targets],
            env={**os.environ, "DATABASE_URL": self.conninfo, "DENREI_DATABASE_ROLE": "owner"},
            check=True,
            capture_output=True,
            timeout=120,
        )

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as the owner for the organization; return the rows of the last."""
        with psycopg.connect(self.conninfo) as connection:
            connection.execute("SELECT set_config('denrei.organization', '1', true)")
            for statement in statements:
                found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []


@pytest.fixture
def earlier(django_db_setup: None, worker_id: str) -> Iterator[Earlier]:
    """Make a database and its owner, empty; the roles of the cluster are there already."""
    name, server = f"denrei_earlier_{worker_id}", os.environ["DATABASE_URL"]
    admin = conninfo.make_conninfo(server, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone()
        if known is None:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN")
            connection.execute(f"GRANT denrei_app, denrei_worker TO {OWNER}")
        database = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(database, sql.Identifier(OWNER))
        )
    yield Earlier(conninfo=conninfo.make_conninfo(server, dbname=name, user=OWNER))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.mark.spec("NEW-1", "NEW-4")
def test_what_was_answered_and_looked_at_before_is_counted_there_and_back(earlier: Earlier) -> None:
    earlier.migrate("responses 0001", "deliveries 0001")
    earlier.run(*_ROWS)
    before = earlier.run("SELECT grade, n FROM people_tally ORDER BY 1")

    earlier.migrate("responses")

    assert before == [(1, 3), (4, 2)]
    assert earlier.run(
        "SELECT recipient_id, looked, choice, needs_help FROM audience ORDER BY 1"
    ) == [
        (1, 0, "3", True),
        (2, 1, "3", True),
        (3, 0, "", False),
        (4, 2, "", False),
        (5, 2, "", False),
    ]
    assert earlier.run(
        "SELECT grade, looked, choice, needs_help, n FROM people_tally WHERE n <> 0 ORDER BY 1, 2"
    ) == [(1, 0, "", False, 1), (1, 2, "", False, 2), (4, 0, "3", True, 1), (4, 1, "3", True, 1)]
    assert earlier.run("SELECT recipient_id, closed_at FROM help_call") == [(1, None)]

    earlier.migrate("responses 0002", "audience 0001")
    back = earlier.run("SELECT grade, n FROM people_tally ORDER BY 1")
    earlier.run("UPDATE audience SET grade = 3 WHERE recipient_id = 3")

    assert back == before
    assert earlier.run("SELECT grade, n FROM people_tally ORDER BY 1") == [(1, 2), (3, 1), (4, 2)]
