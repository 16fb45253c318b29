"""Which release may start on which schema, and migrations beside those who are at work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from denrei.accounts.rolling import FLOOR, Contract, IndexConcurrently, release
from denrei.project import migrating
from tests.deliveries.world import settings_conninfo


@pytest.fixture
def database(committed: None, settings: Any) -> Iterator[psycopg.Connection]:
    """Give a connection of the owner; what a test does to the schema is taken back."""
    settings.DATABASE_ADDRESS = settings_conninfo()
    with psycopg.connect(settings_conninfo(), autocommit=True) as owner:
        yield owner
        owner.execute("COMMENT ON TABLE django_migrations IS NULL")
        owner.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
        owner.execute("DROP INDEX IF EXISTS run_tried")


def _raise_floor(owner: psycopg.Connection, *releases: str) -> None:
    for least in releases:
        owner.execute(str(Contract(least).sql).encode())


@pytest.mark.spec("ALL-9")
def test_a_release_starts_on_the_schema_of_a_later_one(database: psycopg.Connection) -> None:
    database.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('deliveries', '9999_later', now())"
    )

    migrating.require_current()


@pytest.mark.spec("ALL-9")
def test_a_release_below_the_floor_does_not_start(database: psycopg.Connection) -> None:
    _raise_floor(database, "99.1")

    with pytest.raises(migrating.DatabaseNotReadyError, match=r"denrei 99\.1 以上"):
        migrating.require_current()


def test_the_floor_never_sinks_and_is_compared_as_numbers(database: psycopg.Connection) -> None:
    _raise_floor(database, "0.0.9", "0.0.10", "0.0.2")

    assert ("0.0.10",) == database.execute(FLOOR).fetchone()
    migrating.require_current()


@pytest.mark.parametrize(
    ("older", "newer"), [("0.9", "0.10"), ("0.1", "0.1.1"), ("", "0"), ("1.9.9", "2.0rc1")]
)
def test_releases_compare_as_numbers(older: str, newer: str) -> None:
    assert release(older) < release(newer)


@pytest.mark.spec("ALL-9")
def test_an_index_is_made_while_somebody_has_written_and_over_the_stump_of_one_cut_short(
    database: psycopg.Connection,
) -> None:
    made = IndexConcurrently("run_tried", "run (started_at)").sql
    database.execute("CREATE INDEX run_tried ON run (people)")
    writer = psycopg.connect(settings_conninfo())
    writer.execute("UPDATE run SET people = people")
    threading.Timer(0.2, writer.commit).start()

    for statement in made:
        database.execute(str(statement).encode())
    writer.close()

    (definition,) = database.execute(
        "SELECT indexdef FROM pg_indexes WHERE indexname = 'run_tried'"
    ).fetchone() or ("",)
    assert "(started_at)" in definition
