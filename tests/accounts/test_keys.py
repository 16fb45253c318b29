"""Passwords, sessions and second factors of others."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator

from denrei.accounts import keys, operators, organizations, tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Session
from denrei.accounts.operators import Wanted
from denrei.accounts.refusal import Refusal, RefusedError

pytestmark = [pytest.mark.spec("SMS-13")]


@pytest.fixture
def city(db: None) -> Iterator[Organization]:
    created = organizations.create("city", "市")
    with tenancy.acting_for(created.pk):
        yield created


@pytest.fixture
def chief(city: Organization) -> Operator:
    return operators.add(city, Wanted(login="chief", name="長", role=Role.ADMIN), "p", None)


@pytest.fixture
def sato(city: Organization) -> Operator:
    made = operators.add(city, Wanted(login="sato", name="佐藤"), "old password", None)
    Operator.objects.update(password_is_initial=False)
    for key in "ab":
        Session.objects.create(
            session_key=key, expire_date="2030-01-01T00:00Z", organization=city, operator=made
        )
    return made


def test_an_initial_password_is_read_out_in_four_groups() -> None:
    numbers = itertools.count()

    made = keys.initial_password(lambda letters: letters[next(numbers)])

    assert "abcd-efgh-jkmn-pqrt" == made


def test_two_initial_passwords_differ() -> None:
    assert keys.initial_password() != keys.initial_password()


def test_a_password_that_was_reset_is_an_initial_one_and_ends_the_sessions(
    chief: Operator, sato: Operator
) -> None:
    keys.reset_password(sato, "new password", chief)
    sato.refresh_from_db()

    assert (True, True, 0) == (
        sato.check_password("new password"),
        sato.password_is_initial,
        Session.objects.count(),
    )
    assert "new password" not in str(list(AuditEntry.objects.values()))


def test_sessions_are_ended_and_counted(chief: Operator, sato: Operator) -> None:
    ended = keys.end_sessions(sato, chief)
    entry = AuditEntry.objects.newest_first()[0]

    assert (2, 0, "operator.sessions_ended", 2) == (
        ended,
        Session.objects.count(),
        entry.action,
        entry.after["sessions"],
    )


def test_a_second_factor_is_removed_once(chief: Operator, sato: Operator) -> None:
    Authenticator.objects.create(user=sato, type=Authenticator.Type.TOTP, data={})

    removed = [keys.remove_second_factor(sato, chief) for _ in range(2)]

    assert ([True, False], 0) == (removed, Authenticator.objects.count())


@pytest.mark.parametrize(
    "verb",
    [lambda o, a: keys.reset_password(o, "p", a), keys.end_sessions, keys.remove_second_factor],
)
@pytest.mark.parametrize(("whose", "expected"), [("own", "YOURSELF"), ("other", "GONE")])
def test_nobody_reaches_himself_or_those_above_him(
    city: Organization, sato: Operator, verb: object, whose: str, expected: str
) -> None:
    school = units.add(city, "1", "第一小学校")
    wanted = Wanted(login="head", name="校長", role=Role.ADMIN, unit=school)
    head = operators.add(city, wanted, "p", None)

    with pytest.raises(RefusedError) as caught:
        verb(head if whose == "own" else sato, head)  # type: ignore[operator]

    assert Refusal[expected] == caught.value.code
