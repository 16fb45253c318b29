"""One PostgreSQL for the run, one database for each worker of it, copied from a migrated template.

The embedded server is started by the process that controls the run; the workers find it by
DATABASE_URL. `DENREI_TEST_DATABASE_URL` names a server to use instead (its login must be allowed to
create databases and roles).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connections
from hypothesis import HealthCheck, settings
from psycopg import conninfo, sql
from pytest_django import DjangoDbBlocker

from denrei.project import database_url, embedded
from tests import emptying

# No test asserts a time: a busy machine is no fault of what is tested.
settings.register_profile("denrei", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("denrei")

TEMPLATE = "denrei_template"
_running = contextlib.ExitStack()
#: A test needs durability of nothing; the chaos tests start servers of their own.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    # A test of plans says itself when statistics are gathered.
    "autovacuum": "off",
}


def pytest_configure(config: pytest.Config) -> None:
    """Start the server and migrate the template, once, before any worker of xdist is born."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    server = os.environ.get("DENREI_TEST_DATABASE_URL", "")
    if not server:
        home = Path(_running.enter_context(tempfile.TemporaryDirectory(prefix="denrei-test-")))
        server = _running.enter_context(embedded.running(home, settings=_FAST)).conninfo()
    _migrate_template(server)
    os.environ["DATABASE_URL"] = conninfo.make_conninfo(server, dbname=TEMPLATE)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this run started."""
    if not hasattr(config, "workerinput"):
        _running.close()


def _migrate_template(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    environment = {
        **os.environ,
        "DATABASE_URL": conninfo.make_conninfo(server, dbname=TEMPLATE),
        "DENREI_DATABASE_ROLE": "owner",
    }
    subprocess.run(
        [sys.executable, "-m", "denrei.project.migrating"], env=environment, check=True, timeout=600
    )


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Hash passwords fast: hundreds of tests sign in."""
    django_settings.PASSWORD_HASHERS = ["tests.hashing.QuickHasher"]


@pytest.fixture(scope="session")
def django_db_setup(worker_id: str) -> Iterator[None]:
    """Give this worker a database of its own, made from the template."""
    own, server = f"denrei_{worker_id}", os.environ["DATABASE_URL"]
    admin = conninfo.make_conninfo(server, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        name = sql.Identifier(own)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(TEMPLATE))
        )
    os.environ["DATABASE_URL"] = conninfo.make_conninfo(server, dbname=own)
    found = database_url.databases(os.environ["DATABASE_URL"], role="app", pool=0)["default"]
    connections["default"].settings_dict.update(found)
    yield
    connections.close_all()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a test commit: workers see it. Afterwards every table is empty again."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    emptying.empty(os.environ["DATABASE_URL"])
