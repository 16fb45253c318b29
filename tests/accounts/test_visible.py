"""Inside an organization an operator of a unit sees that unit and those below it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from denrei.accounts import audit, organizations, tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.spec("ALL-5")]


@pytest.fixture
def city() -> Iterator[Organization]:
    created = organizations.create("city", "市")
    with tenancy.acting_for(created.pk):
        board = units.add(created, "1", "教育委員会")
        school = units.add(created, "11", "第一小学校", board)
        fire = units.add(created, "2", "消防")
        for unit in (None, board, school, fire):
            login = unit.code if unit else "whole"
            actor = Operator.objects.create(organization=created, login=login, name="甲", unit=unit)
            audit.record(created.pk, "organization.changed", created, actor)
        audit.record(created.pk, "organization.created", created)
        yield created


def of(login: str) -> Operator:
    return Operator.objects.select_related("unit").get(login=login)


@pytest.mark.parametrize(
    ("login", "expected"),
    [("whole", {"1", "11", "2"}), ("1", {"1", "11"}), ("11", {"11"}), ("2", {"2"})],
)
def test_units_are_his_own_and_those_below(
    city: Organization, login: str, expected: set[str]
) -> None:
    assert expected == set(Unit.objects.visible_to(of(login)).values_list("code", flat=True))


@pytest.mark.parametrize(
    ("login", "expected"),
    [("whole", {"whole", "1", "11", "2"}), ("1", {"1", "11"}), ("11", {"11"}), ("2", {"2"})],
)
def test_operators_and_their_acts_are_those_of_his_units(
    city: Organization, login: str, expected: set[str]
) -> None:
    operators = set(Operator.objects.visible_to(of(login)).values_list("login", flat=True))
    actors = set(AuditEntry.objects.visible_to(of(login)).values_list("actor__login", flat=True))

    assert (expected, expected) == (operators, actors - {None})


def test_what_denrei_did_itself_is_seen_by_the_whole_organization_only(city: Organization) -> None:
    seen = {
        login: AuditEntry.objects.visible_to(of(login)).filter(actor=None).count()
        for login in ("whole", "1", "11")
    }

    assert {"whole": 1, "1": 0, "11": 0} == seen


def test_administrators_are_active_and_of_the_whole_organization(city: Organization) -> None:
    Operator.objects.filter(login__in=["whole", "1"]).update(role=Role.ADMIN)
    Operator.objects.create(
        organization=city, login="gone", name="乙", role=Role.ADMIN, is_active=False
    )

    assert ["whole"] == [o.login for o in Operator.objects.administrators()]
