"""A migration leaves the release before it at work: adds first, takes away a release later, locks nothing for long.

docs/howto/upgrade.md promises operators what is asked here; CONTRIBUTING.md tells authors how to keep it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from denrei.accounts.rolling import Contract, IndexConcurrently

#: The newest migration of each package before there was anything to upgrade from: what was before is not asked.
FIRST = {
    "accounts": 6,
    "audience": 2,
    "broadcasts": 5,
    "deliveries": 7,
    "directory": 3,
    "responses": 3,
}
#: What the release before would miss, and what it is told. What the same migration makes is nobody's yet.
HARM = {
    r"\bDROP (TABLE|COLUMN|FUNCTION|VIEW|SEQUENCE|POLICY)\b": "takes away what may be in use",
    r"\bRENAME\b": "takes away a name that may be in use",
    r"\bALTER COLUMN \S+ (SET DATA )?TYPE\b": "writes a table anew behind a lock",
    r"\bSET NOT NULL\b|\bDROP DEFAULT\b": "refuses rows as the release before writes them: use db_default",
    r"\bADD COLUMN \S+ (?!.*\bDEFAULT\b|.*\bGENERATED\b).*\bNOT NULL\b": "refuses rows without the column",
    r"\bADD CONSTRAINT (?!.*\bNOT VALID\b|.*\bUSING INDEX\b)": "reads the whole table behind a lock: add it NOT VALID",
    r"\bCREATE (UNIQUE )?INDEX (?!CONCURRENTLY)": "stops writes while it is made: IndexConcurrently",
    r"\bREVOKE\b": "takes away a right that may be in use",
    r"\bTRUNCATE\b|\bLOCK TABLE\b": "locks out who is at work",
}


def harm(statements: list[str]) -> list[str]:
    """Return what each statement would do to the release before, in words."""
    text = [" ".join(re.sub(r"--[^\n]*", "", each).split()) for each in statements]
    fresh = set(
        re.findall(r"CREATE (?:OR REPLACE )?(?:TABLE|FUNCTION) \"?(\w+)\"?", " ".join(text))
    )
    return [
        f"{why}: {part}"
        for part in _parts(text)
        for pattern, why in HARM.items()
        if re.search(pattern, part, re.IGNORECASE) and not fresh & set(_tables(part))
    ]


def _parts(text: list[str]) -> Iterator[str]:
    """Yield statements, those of a function's body being part of it; each step of an ALTER TABLE by itself."""
    for each in text:
        for part in re.split(r";\s*(?=(?:[^$]*\$\$[^$]*\$\$)*[^$]*$)", each):
            yield from re.split(
                r",\s*(?=(?:ADD|ALTER|DROP) (?:COLUMN|CONSTRAINT))", _without_bodies(part)
            )


def _without_bodies(statement: str) -> str:
    return re.sub(r"\$\$.*?\$\$", "", statement)


def _tables(statement: str) -> list[str]:
    return re.findall(r"(?:TABLE|FUNCTION|INTO|ON(?! TABLE| FUNCTION)) \"?(\w+)\"?", statement)


def later() -> list[tuple[str, str]]:
    """Return (app, name) of our migrations after the first release."""
    loader = MigrationLoader(None)
    return sorted(
        key
        for key, found in loader.disk_migrations.items()
        if found.__module__.startswith("denrei.") and int(key[1][:4]) > FIRST.get(key[0], 0)
    )


def statements_of(key: tuple[str, str]) -> tuple[Migration, list[str]]:
    """Return a migration and the statements that it would run."""
    loader = MigrationLoader(connection)
    migration = loader.graph.nodes[key]
    state = loader.project_state(key, at_end=False)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor, collect_sql=True)
    return migration, editor.collected_sql


@pytest.mark.django_db
@pytest.mark.spec("ALL-9")
def test_the_release_before_works_on_after_every_migration() -> None:
    found = {}
    for key in later():
        migration, statements = statements_of(key)
        is_contract = any(isinstance(each, Contract) for each in migration.operations)
        if not is_contract and (complaints := harm(statements)):
            found[".".join(key)] = complaints

    assert {} == found


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param('ALTER TABLE "run" DROP COLUMN "kind"', "takes away what", id="drop"),
        pytest.param("ALTER TABLE run RENAME COLUMN a TO b", "a name", id="rename"),
        pytest.param('ALTER TABLE "run" ALTER COLUMN "n" TYPE bigint', "anew", id="type"),
        pytest.param("ALTER TABLE run ADD COLUMN n int NOT NULL", "without", id="no default"),
        pytest.param(
            'ALTER TABLE "run" ALTER COLUMN "n" DROP DEFAULT', "db_default", id="Django's"
        ),
        pytest.param("CREATE INDEX i ON delivery (id)", "IndexConcurrently", id="index"),
        pytest.param("ALTER TABLE a ADD CONSTRAINT c CHECK (n > 0)", "NOT VALID", id="check"),
        pytest.param("CREATE TABLE a (); ALTER TABLE b DROP COLUMN c", "takes away", id="two"),
        pytest.param("ALTER TABLE run ADD COLUMN n int NOT NULL DEFAULT 1", "", id="a default"),
        pytest.param("ALTER TABLE run ADD COLUMN n int, ADD COLUMN m text", "", id="nullable"),
        pytest.param(
            "CREATE TABLE a (n int NOT NULL); CREATE INDEX i ON a (n)", "", id="new table"
        ),
        pytest.param(
            "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$; REVOKE ALL ON FUNCTION f() FROM PUBLIC",
            "",
            id="new function",
        ),
        pytest.param("ALTER TABLE a ADD CONSTRAINT c CHECK (n > 0) NOT VALID", "", id="not valid"),
        pytest.param(
            "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN DROP TABLE a; END $$; SELECT 1",
            "",
            id="a function's body",
        ),
        pytest.param("-- no DROP TABLE here\nSELECT 1", "", id="a comment"),
    ],
)
def test_what_the_release_before_would_miss_is_named(statement: str, expected: str) -> None:
    complaints = harm([statement])

    assert bool(expected) == bool(complaints)
    assert expected in "".join(complaints)


def test_an_index_is_made_beside_those_who_write() -> None:
    assert [] == harm(list(IndexConcurrently("i", "delivery (id)").sql))
