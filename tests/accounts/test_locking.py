"""Locks: after how many failures, until when, for whom, and who ends them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from denrei.accounts import locking, organizations, tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization

pytestmark = [pytest.mark.django_db, pytest.mark.spec("SMS-13")]
NOW = timezone.now()


@pytest.fixture
def city(db: None) -> Iterator[Organization]:
    """An organization for which the test acts."""
    made = organizations.create("city", "市")
    with tenancy.acting_for(made.pk):
        yield made


def hire(city: Organization, login: str) -> Operator:
    return Operator.objects.create(organization=city, login=login, name=login)


def failures(name: str, count: int, minutes_ago: float = 0, address: str = "203.0.113.9") -> None:
    """Write what axes writes after so many failures from one address."""
    attempt = AccessAttempt.objects.create(
        username=name, ip_address=address, user_agent="x", failures_since_start=count
    )
    AccessAttempt.objects.filter(pk=attempt.pk).update(
        attempt_time=NOW - timedelta(minutes=minutes_ago)
    )


def test_a_name_tells_neither_login_nor_password() -> None:
    name = locking.name_of("city", "my password by mistake", "0123")

    assert (True, True, False) == (
        name.startswith("city/"),
        name.endswith("#0123"),
        "password" in name,
    )


@pytest.mark.parametrize(("count", "expected"), [(4, False), (5, True), (9, True)])
def test_five_failures_lock(city: Organization, count: int, expected: bool) -> None:
    admin = hire(city, "admin")
    failures(locking.name_of("city", "admin"), count)

    assert expected is (locking.locked_until(admin, NOW) is not None)


def test_failures_from_several_addresses_are_added(city: Organization) -> None:
    admin = hire(city, "admin")
    for number in range(5):
        failures(locking.name_of("city", "admin"), 1, address=f"203.0.113.{number}")

    assert locking.locked_until(admin, NOW) is not None


@pytest.mark.parametrize(("minutes", "expected"), [(14.9, True), (15, False), (15.1, False)])
def test_a_lock_ends_by_itself_after_15_minutes(
    city: Organization, minutes: float, expected: bool
) -> None:
    admin = hire(city, "admin")
    failures(locking.name_of("city", "admin"), 5, minutes_ago=minutes)

    end = locking.locked_until(admin, NOW)

    assert (NOW + timedelta(minutes=15 - minutes) if expected else None) == end


def test_the_lock_of_a_device_is_one_of_its_operator(city: Organization) -> None:
    admin, other = hire(city, "admin"), hire(city, "other")
    failures(locking.name_of("city", "admin", "0123"), 5, minutes_ago=5)

    assert {admin.pk: NOW + timedelta(minutes=10)} == locking.locked_among([admin, other], NOW)


def test_failures_of_two_devices_are_not_added(city: Organization) -> None:
    admin = hire(city, "admin")
    failures(locking.name_of("city", "admin"), 4)
    failures(locking.name_of("city", "admin", "0123"), 4)

    assert locking.locked_until(admin, NOW) is None


def test_nobody_is_locked_among_nobody(city: Organization) -> None:
    assert {} == locking.locked_among([], NOW)


def test_a_lock_makes_all_its_failures_end_together(city: Organization) -> None:
    admin, name = hire(city, "admin"), locking.name_of("city", "admin")
    failures(name, 4, minutes_ago=14)
    failures(name, 1, address="203.0.113.10")

    locking.begin(name, admin, NOW)

    assert NOW + timedelta(minutes=15) == locking.locked_until(admin, NOW + timedelta(minutes=14))


@pytest.mark.spec("ALL-3")
def test_an_administrator_unlocks_all_devices_and_the_trail_says_so(city: Organization) -> None:
    admin, boss = hire(city, "admin"), hire(city, "boss")
    failures(locking.name_of("city", "admin"), 5)
    failures(locking.name_of("city", "admin", "0123"), 5, address="203.0.113.10")
    failures(locking.name_of("city", "boss"), 4)

    assert locking.unlock(admin, boss, NOW)

    entry = AuditEntry.objects.get()
    assert (None, "operator.unlocked", str(admin.pk), boss.pk) == (
        locking.locked_until(admin, NOW),
        entry.action,
        entry.subject_id,
        entry.actor_id,
    )
    assert 1 == AccessAttempt.objects.count()


def test_unlocking_who_is_not_locked_writes_nothing(city: Organization) -> None:
    admin = hire(city, "admin")
    failures(locking.name_of("city", "admin"), 4)

    assert not locking.unlock(admin, None)
    assert 0 == AuditEntry.objects.count()


@pytest.mark.spec("ALL-5")
def test_a_lock_is_one_of_its_organization(city: Organization) -> None:
    failures(locking.name_of("town", "admin"), 5)

    assert locking.locked_until(hire(city, "admin"), NOW) is None
