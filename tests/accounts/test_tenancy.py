"""The wall between organizations: what a transaction sees, and that nothing leaks out of it."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.state import ProjectState

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Organization, Unit

pytestmark = pytest.mark.django_db


def organization_of_transaction() -> str:
    """Return what the policies compare with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_organization()::text, '')")
        return str(cursor.fetchone()[0])


@pytest.fixture
def north() -> Organization:
    return organizations.create("north", "北市")


@pytest.fixture
def south() -> Organization:
    return organizations.create("south", "南市")


@pytest.mark.spec("ALL-5")
def test_a_transaction_without_an_organization_sees_no_row(north: Organization) -> None:
    units.add(north, "1", "本庁")

    assert (Organization.objects.count(), Unit.objects.count()) == (0, 0)


@pytest.mark.spec("ALL-5")
def test_an_organization_does_not_see_the_rows_of_another(
    north: Organization, south: Organization
) -> None:
    units.add(north, "1", "本庁")

    with tenancy.acting_for(south.pk):
        assert (
            list(Organization.objects.values_list("slug", flat=True)),
            Unit.objects.count(),
        ) == (["south"], 0)


@pytest.mark.spec("ALL-5")
def test_an_organization_cannot_change_the_rows_of_another(
    north: Organization, south: Organization
) -> None:
    unit = units.add(north, "1", "本庁")

    with tenancy.acting_for(south.pk):
        changed = Unit.objects.filter(pk=unit.pk).update(name="盗")

    assert changed == 0


@pytest.mark.spec("ALL-5")
def test_an_organization_cannot_write_rows_of_another(
    north: Organization, south: Organization
) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        tenancy.acting_for(south.pk),
    ):
        Unit.objects.create(organization=north, code="1", name="偽")


def test_acting_for_the_same_organization_again_is_fine(north: Organization) -> None:
    with tenancy.acting_for(north.pk):
        with tenancy.acting_for(north.pk):
            pass
        still = organization_of_transaction()

    assert str(north.pk) == still


def test_acting_for_another_organization_inside_is_refused(
    north: Organization, south: Organization
) -> None:
    with (
        tenancy.acting_for(north.pk),
        pytest.raises(tenancy.AnotherOrganizationError),
        tenancy.acting_for(south.pk),
    ):
        pass


def test_the_surrounding_transaction_sees_afterwards_what_it_saw_before(
    north: Organization,
) -> None:
    with tenancy.acting_for(north.pk):
        pass

    assert organization_of_transaction() == ""


def test_an_error_inside_leaves_nothing_behind_either(north: Organization) -> None:
    with pytest.raises(LookupError), tenancy.acting_for(north.pk):
        raise LookupError

    assert organization_of_transaction() == ""


def test_the_connection_forgets_the_organization_with_the_transaction() -> None:
    def in_a_connection_of_its_own() -> tuple[str, str]:
        with contextlib.closing(connection):
            with tenancy.acting_for(1):
                inside = organization_of_transaction()
            return inside, organization_of_transaction()

    with ThreadPoolExecutor(1) as thread:
        seen = thread.submit(in_a_connection_of_its_own).result()

    assert seen == ("1", "")


@pytest.mark.parametrize(
    "operation",
    [
        tenancy.SecureTenant("unit"),
        tenancy.SecureTenant("organization", column="id", worker_sees_all=True),
        tenancy.SecureTenant("audit_entry", append_only=True),
    ],
    ids=lambda operation: operation.table,
)
def test_a_table_can_be_put_behind_the_wall_again_after_it_was_taken_out(
    operation: tenancy.SecureTenant,
) -> None:
    state = ProjectState()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
        with connection.schema_editor(atomic=False) as editor:
            operation.database_backwards("accounts", editor, state, state)
            operation.database_forwards("accounts", editor, state, state)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE denrei_app")

    assert Organization.objects.count() == 0


def test_roles_that_exist_are_left_as_they_are() -> None:
    state = ProjectState()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    with connection.schema_editor(atomic=False) as editor:
        tenancy.CreateRoles().database_forwards("accounts", editor, state, state)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role('denrei_worker', 'denrei_app', 'USAGE')")
        inherits = cursor.fetchone()[0]
        cursor.execute("SET ROLE denrei_app")

    assert inherits
