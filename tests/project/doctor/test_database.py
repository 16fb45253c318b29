"""The doctor and the database, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from denrei.project.doctor import database, schema
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.finding import Finding, State

GIB = 2**30


def by_title(findings: list[Finding]) -> dict[str, Finding]:
    """Return findings under their titles; of several the last."""
    return {finding.title: finding for finding in findings}


def test_a_migrated_database_is_told_to_be_in_order(connection: Connection) -> None:
    found = by_title(list(database.examine(connection, None)))
    states = {title: finding.state for title, finding in found.items()}

    assert states | {"記録の確かさ": State.OK, "接続の余裕": State.OK} == dict.fromkeys(
        states, State.OK
    )
    assert "denrei" in found["データベースへの接続"].words


def test_the_place_of_a_socket_is_told(connection: Connection) -> None:
    reached = next(database.examine(connection, None))

    assert connection.info.host in reached.words
    assert str(connection.info.port) in reached.words


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_what_may_lose_records_is_a_warning_that_names_the_setting(
    connection: Connection, name: str
) -> None:
    if name == "synchronous_commit":
        connection.execute("SET synchronous_commit = off")
    told = [finding for finding in database.examine(connection, None) if name in finding.words]
    off = connection.execute("SELECT current_setting(%s)", (name,)).fetchone() == ("off",)

    assert [State.WARNING] * off == [finding.state for finding in told]
    assert all(f"ALTER SYSTEM SET {name} = on" in finding.remedy for finding in told)


def test_the_embedded_database_tells_the_space_on_its_disk(
    connection: Connection, tmp_path: Path
) -> None:
    assert "ディスクの空き" in by_title(list(database.examine(connection, tmp_path)))


@pytest.mark.parametrize(
    ("free", "expected"),
    [(3 * GIB, State.OK), (GIB, State.WARNING), (GIB // 8, State.FAULT)],
    ids=["enough", "scarce", "none"],
)
def test_a_full_disk_is_told_in_time(tmp_path: Path, free: int, expected: State) -> None:
    assert expected == database.disk(tmp_path, free).state


@pytest.mark.parametrize(
    ("words", "title", "expected"),
    [
        ("TEMPLATE template0", "データベースの形", State.FAULT),
        ("TEMPLATE template0", "氏名の検索（pg_trgm）", State.FAULT),
        (
            "TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'",
            "データベースの文字コード",
            State.FAULT,
        ),
    ],
    ids=["no-tables", "no-pg_trgm", "no-utf8"],
)
def test_an_unfit_database_is_a_fault(
    made: Callable[..., Connection], words: str, title: str, expected: State
) -> None:
    found = by_title(list(database.examine(made(words), None)))[title]

    assert expected == found.state
    assert found.remedy


def test_a_locale_that_knows_no_japanese_is_a_warning(made: Callable[..., Connection]) -> None:
    plain = made("TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    plain.execute("CREATE EXTENSION pg_trgm")

    assert (
        State.WARNING
        == by_title(list(database.examine(plain, None)))["氏名の検索（pg_trgm）"].state
    )


def test_a_missing_migration_is_named_and_mended_by_migrate(
    made: Callable[..., Connection],
) -> None:
    older = made()
    older.execute("DELETE FROM django_migrations WHERE app = 'deliveries'")
    found = schema.examine(older)

    assert State.FAULT == found.state
    assert "deliveries.0001_ledger" in found.words
    assert "denrei migrate" in found.remedy
    assert not schema.is_migrated(older)


def test_a_database_of_a_newer_version_is_told_and_no_fault(
    made: Callable[..., Connection],
) -> None:
    newer = made()
    newer.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('deliveries', '0999_later', now())"
    )
    found = schema.examine(newer)

    assert State.WARNING == found.state
    assert "deliveries.0999_later" in found.words


def test_a_server_out_of_reach_is_told_with_its_reason() -> None:
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect("host=127.0.0.1 port=1 dbname=denrei connect_timeout=2")
    found = database.out_of_reach(caught.value)

    assert State.FAULT == found.state
    assert "127.0.0.1" in found.words
    assert "DATABASE_URL" in found.remedy
