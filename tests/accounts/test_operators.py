"""Who may make what of whom: operators within the mandate of an administrator."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connections

from denrei.accounts import operators, organizations, tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Session, Unit
from denrei.accounts.operators import Wanted
from denrei.accounts.refusal import Refusal, RefusedError

PASSWORD = "an initial password"


@pytest.fixture
def city(db: None) -> Iterator[Organization]:
    created = organizations.create("city", "市")
    with tenancy.acting_for(created.pk):
        yield created


@pytest.fixture
def chief(city: Organization) -> Operator:
    return hire(city, "chief")


@pytest.fixture
def school(city: Organization) -> Unit:
    return units.add(city, "1", "第一小学校")


@pytest.fixture
def head(city: Organization, school: Unit) -> Operator:
    """The administrator of the school."""
    return hire(city, "head", unit=school)


def hire(
    organization: Organization, login: str, role: Role = Role.ADMIN, unit: Unit | None = None
) -> Operator:
    wanted = Wanted(login=login, name=f"{login}さん", role=role, unit=unit)
    return operators.add(organization, wanted, PASSWORD, None)


def as_is(operator: Operator, **other: object) -> Wanted:
    values = {
        "login": operator.login,
        "name": operator.name,
        "email": operator.email,
        "role": Role(operator.role),
        "unit": operator.unit,
    }
    return Wanted(**{**values, **other})  # type: ignore[arg-type]


def refusal_of(act: Callable[[], object]) -> Refusal:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value.code


def entries() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor_name"))


@pytest.mark.spec("MSG-1", "ALL-3")
def test_an_operator_is_added_with_an_initial_password_and_recorded(
    city: Organization, chief: Operator
) -> None:
    added = operators.add(city, Wanted(login="sato", name="髙﨑 𠮷子"), PASSWORD, chief)

    assert (True, True, Role.VIEWER, None) == (
        added.check_password(PASSWORD),
        added.password_is_initial,
        added.role,
        added.unit,
    )
    assert ("operator.added", "chiefさん") == entries()[-1]
    assert PASSWORD not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("login", ["sato", "SATO", "Sato"])
def test_a_login_is_given_once_in_whatever_case(
    city: Organization, chief: Operator, login: str
) -> None:
    hire(city, "sato")

    assert Refusal.LOGIN_TAKEN == refusal_of(
        lambda: operators.add(city, Wanted(login=login, name="乙"), PASSWORD, chief)
    )


def test_a_change_is_recorded_with_before_and_after(city: Organization, chief: Operator) -> None:
    sato = hire(city, "sato", Role.VIEWER)

    operators.change(sato, as_is(sato, role=Role.SENDER), chief)
    entry = AuditEntry.objects.newest_first()[0]

    assert ("operator.changed", "viewer", "sender") == (
        entry.action,
        entry.before["role"],
        entry.after["role"],
    )


def test_a_change_of_nothing_leaves_no_trace(city: Organization, chief: Operator) -> None:
    before = entries()

    operators.change(chief, as_is(chief), chief)

    assert before == entries()


@pytest.mark.spec("ALL-5")
def test_an_administrator_of_a_unit_adds_operators_of_his_unit_and_below(
    city: Organization, head: Operator, school: Unit
) -> None:
    annex = units.add(city, "11", "分校", school)

    added = operators.add(city, Wanted(login="a", name="甲", unit=annex), PASSWORD, head)

    assert annex == added.unit


@pytest.mark.spec("ALL-5")
def test_an_administrator_of_a_unit_gives_neither_the_organization_nor_another_unit(
    city: Organization, head: Operator
) -> None:
    other = units.add(city, "2", "第二小学校")
    refusals = [
        refusal_of(
            lambda unit=unit: operators.add(  # type: ignore[misc]
                city, Wanted(login="a", name="甲", unit=unit), PASSWORD, head
            )
        )
        for unit in (None, other)
    ]

    assert [Refusal.BEYOND] * 2 == refusals


@pytest.mark.spec("ALL-5")
def test_an_administrator_of_a_unit_takes_nobody_out_of_his_unit(
    city: Organization, head: Operator, school: Unit
) -> None:
    sato = hire(city, "sato", Role.VIEWER, school)

    assert Refusal.BEYOND == refusal_of(
        lambda: operators.change(sato, as_is(sato, unit=None), head)
    )


@pytest.mark.spec("ALL-5")
def test_an_administrator_of_a_unit_does_not_reach_others(
    city: Organization, head: Operator, chief: Operator
) -> None:
    refusals = {
        refusal_of(lambda: operators.change(chief, as_is(chief), head)),
        refusal_of(lambda: operators.deactivate(chief, head)),
        refusal_of(lambda: operators.reactivate(chief, head)),
    }

    assert {Refusal.GONE} == refusals


@pytest.mark.parametrize("role", [Role.SENDER, Role.VIEWER])
def test_who_is_no_administrator_any_more_changes_nothing(
    city: Organization, chief: Operator, role: Role
) -> None:
    Operator.objects.filter(pk=chief.pk).update(role=role)

    assert Refusal.NO_LONGER == refusal_of(
        lambda: operators.add(city, Wanted(login="a", name="甲"), PASSWORD, chief)
    )


@pytest.mark.spec("SMS-13")
def test_nobody_changes_his_own_role_unit_or_activity(
    city: Organization, chief: Operator, school: Unit
) -> None:
    hire(city, "second")
    refusals = {
        refusal_of(lambda: operators.change(chief, as_is(chief, role=Role.SENDER), chief)),
        refusal_of(lambda: operators.change(chief, as_is(chief, unit=school), chief)),
        refusal_of(lambda: operators.deactivate(chief, chief)),
    }

    assert {Refusal.YOURSELF} == refusals


@pytest.mark.spec("SMS-13")
def test_anybody_changes_his_own_name(chief: Operator) -> None:
    assert "乙" == operators.change(chief, as_is(chief, name="乙"), chief).name


@pytest.mark.spec("SMS-13")
def test_the_last_one_stays(city: Organization, chief: Operator, school: Unit) -> None:
    refusals = {
        refusal_of(lambda: operators.deactivate(chief, None)),
        refusal_of(lambda: operators.change(chief, as_is(chief, role=Role.VIEWER), None)),
        refusal_of(lambda: operators.change(chief, as_is(chief, unit=school), None)),
    }

    assert {Refusal.LAST_ADMINISTRATOR} == refusals


@pytest.mark.spec("SMS-13")
def test_one_who_is_inactive_or_of_a_unit_does_not_count(
    city: Organization, chief: Operator, head: Operator
) -> None:
    operators.deactivate(hire(city, "second"), chief)

    assert Refusal.LAST_ADMINISTRATOR == refusal_of(lambda: operators.deactivate(chief, None))


@pytest.mark.spec("SMS-13")
def test_a_single_one_is_advised_to_name_a_second(
    city: Organization, chief: Operator, head: Operator
) -> None:
    alone = operators.advice(city)
    hire(city, "second")

    assert ("2人目の管理者" in str(alone), None) == (True, operators.advice(city))


def test_who_is_deactivated_has_no_session_any_more(city: Organization, chief: Operator) -> None:
    sato = hire(city, "sato")
    Session.objects.create(
        session_key="k", expire_date="2030-01-01T00:00Z", organization=city, operator=sato
    )

    operators.deactivate(sato, chief)
    sato.refresh_from_db()

    assert (False, 0) == (sato.is_active, Session.objects.filter(operator=sato).count())
    operators.reactivate(sato, chief)
    sato.refresh_from_db()
    assert (True, True) == (sato.is_active, sato.check_password(PASSWORD))


@pytest.mark.spec("SMS-13")
def test_of_two_who_demote_each_other_at_once_one_remains(committed: None) -> None:
    city = organizations.create("city", "市")
    both = [hire(city, "one"), hire(city, "two")]
    start = threading.Barrier(2)
    outcomes: list[Refusal | None] = []

    def demote(actor: Operator, other: Operator) -> None:
        try:
            start.wait()
            operators.change(other, as_is(other, role=Role.VIEWER), actor)
            outcomes.append(None)
        except RefusedError as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=demote, args=pair) for pair in (both, both[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenancy.acting_for(city.pk):
        left = Operator.objects.administrators().count()

    assert (1, {None, Refusal.NO_LONGER}) == (left, set(outcomes))
