"""The doctor and the wall between organizations."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from denrei.project.doctor import asking, roles, schema
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.finding import State
from tests.deliveries.world import World
from tests.project.doctor.conftest import At, role


@pytest.fixture
def name(worker_id: str) -> str:
    """Return the name of a role of this test's own; roles belong to the whole server."""
    return f"denrei_doctor_{worker_id}_{os.getpid()}"


@pytest.fixture
def stranger(admin: Connection, at: At, name: str) -> Iterator[Connection]:
    """Return a connection of a login that is a member of nothing."""
    with (
        role(admin, name, "LOGIN PASSWORD 'invented'"),
        closing(asking.connect(at(user=name, password="invented"))) as opened,
    ):
        yield opened


def test_the_roles_that_migrate_made_are_in_order(connection: Connection) -> None:
    assert [State.OK] * 2 == [finding.state for finding in roles.examine(connection)]
    assert roles.may_become_all(connection)


def test_a_missing_role_is_mended_by_migrate(connection: Connection, name: str) -> None:
    found = roles.of_role(connection, name)

    assert State.FAULT == found.state
    assert "denrei migrate" in found.remedy
    assert not roles.may_become(connection, name)


def test_a_login_that_is_no_member_is_told_the_grant(stranger: Connection, name: str) -> None:
    found = list(roles.examine(stranger))

    assert [State.FAULT] * 2 == [finding.state for finding in found]
    assert f'GRANT denrei_app TO "{name}";' in found[0].remedy
    assert not roles.may_become_all(stranger)


@pytest.mark.parametrize("inherits", ["TRUE", "FALSE"])
def test_a_login_need_not_inherit(
    admin: Connection, stranger: Connection, name: str, inherits: str
) -> None:
    if admin.info.server_version < 160000:
        pytest.skip("GRANT … WITH INHERIT is of PostgreSQL 16")
    admin.execute(
        f"GRANT denrei_app, denrei_worker TO {name} WITH INHERIT {inherits}, SET TRUE".encode()
    )

    assert [State.OK] * 2 == [finding.state for finding in roles.examine(stranger)]
    assert schema.is_migrated(stranger)


@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize("right", ["SUPERUSER", "BYPASSRLS"])
def test_a_role_above_the_wall_is_a_fault(
    connection: Connection, admin: Connection, name: str, right: str
) -> None:
    with role(admin, name, right):
        found = roles.of_role(connection, name)

    assert State.FAULT == found.state
    assert f"ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS;" in found.remedy


@pytest.mark.spec("ALL-5")
def test_a_role_that_owns_a_table_is_a_fault(
    made: Callable[..., Connection], admin: Connection, name: str
) -> None:
    scratch = made()
    with role(admin, name, ""):
        scratch.execute(f"ALTER TABLE recipient OWNER TO {name}".encode())
        found = roles.of_role(scratch, name)
        scratch.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER".encode())

    assert State.FAULT == found.state
    assert "recipient" in found.words


@pytest.mark.spec("ALL-5")
def test_the_wall_stands_with_people_behind_it(committed: None, connection: Connection) -> None:
    World.create().people(2)

    assert [State.OK] == [finding.state for finding in roles.examine_wall(connection)]


@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize(
    "breach",
    [
        "ALTER TABLE recipient DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE contact NO FORCE ROW LEVEL SECURITY",
        "CREATE TABLE extra (organization_id bigint)",
    ],
    ids=["disabled", "not-forced", "new-table"],
)
def test_a_table_without_the_wall_is_named(made: Callable[..., Connection], breach: str) -> None:
    scratch = made()
    scratch.execute(breach.encode())
    found = next(roles.examine_wall(scratch))

    assert State.FAULT == found.state
    assert breach.split()[2] in found.words


@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize(
    "breach",
    [
        "ALTER DATABASE {database} SET denrei.organization = '7'",
        "CREATE POLICY hole ON organization USING (true)",
    ],
    ids=["organization-by-default", "policy"],
)
def test_rows_seen_without_an_organization_are_a_fault(
    made: Callable[..., Connection], at: At, breach: str
) -> None:
    scratch = made()
    scratch.execute(
        "INSERT INTO organization (id, slug, name, preset) VALUES (7, 'a', 'A', 'city')"
    )
    database = scratch.info.dbname
    scratch.execute(breach.format(database=database).encode())
    with closing(asking.connect(at(dbname=database))) as later:
        found = list(roles.examine_wall(later))

    assert [State.FAULT] == [finding.state for finding in found]
    assert "denrei.organization" in found[0].remedy
