"""The audit trail tells who did what, and nobody can change it."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from denrei.accounts import audit, organizations, tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Organization:
    return organizations.create("city", "市")


def test_an_entry_keeps_the_actors_name_as_it_was(city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        actor = Operator.objects.create(organization=city, login="sato", name="佐藤")
        entry = audit.record(city.pk, "organization.renamed", city, actor, {"name": "町"}, {})
        Operator.objects.update(name="鈴木")
        entry.refresh_from_db()

    assert ("organization.renamed", "佐藤", "organization", str(city.pk), {"name": "町"}) == (
        entry.action,
        entry.actor_name,
        entry.subject_kind,
        entry.subject_id,
        entry.before,
    )


@pytest.mark.spec("ALL-3")
@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = ''", "DELETE FROM audit_entry"]
)
def test_an_entry_cannot_be_changed_or_deleted(city: Organization, statement: str) -> None:
    audit.record(city.pk, "organization.created", city)

    with (
        tenancy.acting_for(city.pk),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(statement)


def test_the_history_of_a_thing_is_read_newest_first(city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        for action in ("organization.created", "organization.renamed"):
            audit.record(city.pk, action, city)
        entries = AuditEntry.objects.about("organization", str(city.pk)).newest_first()

        assert [e.action for e in entries] == ["organization.renamed", "organization.created"]
