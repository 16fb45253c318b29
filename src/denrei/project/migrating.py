"""Bring the database to the schema of this version, as its owner; tell where it isn't there yet.

Django's migrations first, then what the queue's own tables need: procrastinate makes them, and
its migrations know nothing of our roles.
"""

from __future__ import annotations

import logging
import os
import time
from importlib import metadata

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from psycopg import errors

from denrei.accounts.rolling import FLOOR, LOCK_WAIT, release
from denrei.deliveries import renumbering
from denrei.project.database_url import ROLES
from denrei.project.failure import MAKE_ROOM, is_full

_log = logging.getLogger(__name__)

#: Seconds that a database gets to take a connection.
_CONNECT_SECONDS = 10
#: What a change of a table meets where others are at work; it is taken back whole, and may be tried again.
_IN_USE = (errors.LockNotAvailable, errors.DeadlockDetected)
#: How often a table in use is tried, and seconds between two tries in which the others go on.
_TRIES, _PAUSE = 100, 2.0
#: Held by who migrates: two at once would do the same step twice. Any number that nobody else uses.
_MIGRATING = 0x64656E726569
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
_SEE_TO_IT = "DATABASE_URL と、PostgreSQL が動いていることを確かめてください。"


class DatabaseNotReadyError(Exception):
    """Nothing can be done with the database yet; the message says what to do, in Japanese."""


def require_current() -> None:
    """Raise DatabaseNotReadyError unless the database answers, has all migrations and is at home.

    It may have more: a newer release has moved on, and leaves us what we need (ADR 0023). By a
    connection of its own, as the login alone: the roles are made by the first migration.
    """
    try:
        with psycopg.connect(settings.DATABASE_ADDRESS, connect_timeout=_CONNECT_SECONDS) as login:
            applied = _applied(login)
            row = login.execute(FLOOR).fetchone()
            is_current = not MigrationLoader(None).disk_migrations.keys() - applied
            is_at_home = is_current and _is_at_home(login)
    except psycopg.OperationalError as error:
        advice = MAKE_ROOM if is_full(error) else _SEE_TO_IT
        raise DatabaseNotReadyError(f"データベースにつながりません。{advice}\n{error}") from error
    if not is_current:
        raise DatabaseNotReadyError(
            "データベースがこの版の形になっていません。denrei migrate を実行してください。"
        )
    _require_floor(row[0] if row else None)
    if not is_at_home:
        raise DatabaseNotReadyError(
            "このデータベースは、別の PostgreSQL から復元されたものです。"
            "記録の封印を続けられるように、denrei migrate を実行してください。"
        )


def _require_floor(least: str | None) -> None:
    ours = metadata.version("denrei")
    if least and release(ours) < release(least):
        raise DatabaseNotReadyError(
            f"データベースは、denrei {least} 以上のための形になっています。この版（{ours}）では動かせません。"
            f"{least} 以上の版を入れてください。"
        )


def _applied(login: psycopg.Connection) -> set[tuple[str, str]]:
    """Return (app, name) of the migrations that the database has."""
    ready = login.execute(
        "SELECT to_regclass('django_migrations') IS NOT NULL"
        " AND (SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)) = %s",
        [list(ROLES.values()), len(ROLES)],
    ).fetchone()
    if ready != (True,):
        return set()
    _try_roles(login)
    try:
        rows = login.execute("SELECT app, name FROM django_migrations").fetchall()
    except errors.InsufficientPrivilege:  # granted at the end of the first `migrate`
        return set()
    return {(app, name) for app, name in rows}


def _is_at_home(login: psycopg.Connection) -> bool:
    """Tell whether the ledger's numbers count in this cluster (`denrei.deliveries.renumbering`)."""
    found = login.execute(
        "SELECT system_identifier::text = ledger_cluster() FROM pg_control_system()"
    ).fetchone()
    return found == (True,)


def _try_roles(login: psycopg.Connection) -> None:
    try:
        for role in ROLES.values():
            login.execute(f"SET ROLE {role}".encode())
    except errors.InsufficientPrivilege as error:
        raise DatabaseNotReadyError(
            f"データベースの利用者 {login.info.user} が、役割 denrei_app と denrei_worker になれません。"
            f"所有者として「GRANT denrei_app, denrei_worker TO {login.info.user}」を実行してください。"
        ) from error


def migrate(verbosity: int = 0) -> None:
    """Apply all migrations and grants; the process must act as the owner. May be repeated.

    Processes at work go on meanwhile: no change waits long for a table that is in use.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        cursor.execute(f"SET lock_timeout = '{LOCK_WAIT}'")
    _patiently(verbosity)
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE_RIGHTS)
        renumbering.renumber()
        cursor.execute("RESET lock_timeout")
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def _patiently(verbosity: int) -> None:
    for tries in range(1, _TRIES + 1):
        try:
            call_command("migrate", interactive=False, verbosity=verbosity)
        except OperationalError as error:
            if not isinstance(error.__cause__, _IN_USE) or tries == _TRIES:
                raise
            _log.warning("table in use", extra={"again_in": _PAUSE, "why": str(error)})
            time.sleep(_PAUSE)
        else:
            return


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denrei.project.settings")
    os.environ["DENREI_DATABASE_ROLE"] = "owner"
    django.setup()
    migrate()
