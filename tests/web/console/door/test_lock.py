"""Wrong passwords lock a login for a while, for strangers; its operator's devices go on."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.test import Client

from denrei.accounts import locking, organizations, tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization
from tests.web.console.conftest import PASSWORD, hire
from tests.web.console.door.signing import acts, fail, is_in, sign_in

pytestmark = pytest.mark.spec("SMS-13")


def pass_time(city: Organization, minutes: float) -> None:
    """Move all that was counted into the past."""
    with tenancy.acting_for(city.pk):
        AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


@pytest.fixture
def boss(city: Organization) -> Operator:
    """The only administrator."""
    return hire(city, "boss")


def test_the_fifth_wrong_password_locks(city: Organization, boss: Operator) -> None:
    client = Client()

    assert [422, 422, 422, 422, 429] == [fail(client, "boss", 1).status_code for _ in range(5)]


def test_a_locked_login_refuses_the_right_password_too(city: Organization, boss: Operator) -> None:
    fail(Client(), "boss")
    client = Client()

    response = sign_in(client, "boss")

    assert (429, False) == (response.status_code, is_in(client))


def test_the_page_says_until_when_and_whom_to_ask(city: Organization, boss: Operator) -> None:
    response = fail(Client(), "boss")

    with tenancy.acting_for(city.pk):
        end = locking.locked_until(boss)
    assert end is not None
    page = response.content.decode()
    local = end + timedelta(hours=9)
    assert f"{local.hour:02}時{local.minute:02}分まで" in page
    assert "ほかの管理者に、ロックの解除を依頼してください。" in page
    assert 0 < int(response.headers["Retry-After"]) <= 901


def test_each_way_to_write_a_login_counts(city: Organization, boss: Operator) -> None:
    hire(city, "kiki")
    written = ["kiki", "KIKI", "Kiki", "k\u0131ki", "kIk\u0131"]  # a dotless i has the same capital

    assert 429 == [fail(Client(), login, times=1).status_code for login in written][-1]


def test_a_login_that_nobody_has_locks_with_the_same_page(
    city: Organization, boss: Operator
) -> None:
    mine, nobodys = fail(Client(), "boss"), fail(Client(), "nobody")

    assert (429, 429) == (mine.status_code, nobodys.status_code)


@pytest.mark.parametrize(("minutes", "status"), [(14, 429), (15.1, 302)])
def test_a_lock_ends_by_itself(
    city: Organization, boss: Operator, minutes: float, status: int
) -> None:
    fail(Client(), "boss")
    pass_time(city, minutes)

    assert status == sign_in(Client(), "boss").status_code


def test_trying_on_does_not_make_a_lock_longer(city: Organization, boss: Operator) -> None:
    fail(Client(), "boss")
    pass_time(city, 10)
    fail(Client(), "boss", times=3)
    pass_time(city, 5.1)

    assert 302 == sign_in(Client(), "boss").status_code


def test_failures_from_many_addresses_lock_for_the_whole_time(
    city: Organization, boss: Operator
) -> None:
    fail(Client(REMOTE_ADDR="203.0.113.1"), "boss", times=4)
    pass_time(city, 14)
    fail(Client(REMOTE_ADDR="203.0.113.2"), "boss", times=1)
    pass_time(city, 14)

    assert 429 == sign_in(Client(), "boss").status_code


def test_the_right_password_in_between_forgives(city: Organization, boss: Operator) -> None:
    client = Client()
    fail(client, "boss", times=4)
    sign_in(client, "boss")
    stranger = Client()

    assert [422] * 4 == [fail(stranger, "boss", 1).status_code for _ in range(4)]


def test_an_outsider_can_not_lock_out_the_only_administrator(
    city: Organization, boss: Operator
) -> None:
    own = Client()
    sign_in(own, "boss")
    own.post("/console/sign-out/")
    fail(Client(), "boss", times=8)

    assert (302, True) == (sign_in(own, "boss").status_code, is_in(own))


def test_a_known_device_is_no_way_to_guess_on(city: Organization, boss: Operator) -> None:
    own = Client()
    sign_in(own, "boss")
    own.post("/console/sign-out/")

    assert [422, 422, 422, 422, 429] == [fail(own, "boss", 1).status_code for _ in range(5)]
    assert 429 == sign_in(own, "boss").status_code
    assert 302 == sign_in(Client(), "boss").status_code


def test_a_device_is_known_for_its_own_operator_only(city: Organization, boss: Operator) -> None:
    hire(city, "intruder")
    own = Client()
    sign_in(own, "intruder")
    fail(Client(), "boss")

    assert 429 == sign_in(own, "boss").status_code


def test_after_a_new_password_the_device_is_known_again(city: Organization, boss: Operator) -> None:
    own = Client()
    sign_in(own, "boss")
    with tenancy.acting_for(city.pk):
        boss.password = make_password("another long password")
        boss.save()
    sign_in(own, "boss", "another long password")
    fail(Client(), "boss", times=5)

    assert 302 == sign_in(own, "boss", "another long password").status_code


def test_half_a_sign_in_is_no_known_device(city: Organization, boss: Operator) -> None:
    client = Client()
    fail(client, "boss", times=1)

    assert "denrei_device" not in client.cookies


@pytest.mark.spec("ALL-5")
def test_the_same_login_of_another_organization_is_not_locked(
    city: Organization, boss: Operator
) -> None:
    town = organizations.create("town", "町")
    hire(town, "boss")
    fail(Client(), "boss")

    assert 302 == sign_in(Client(), "boss", organization="town").status_code


def test_an_unknown_organization_counts_nothing(city: Organization) -> None:
    organizations.create("town", "町")

    assert 422 == fail(Client(), "boss", times=6, organization="none").status_code


@pytest.mark.spec("ALL-3")
def test_a_lock_is_in_the_trail_once(city: Organization, boss: Operator) -> None:
    fail(Client(), "boss", times=8)

    assert [("operator.locked", "")] == acts(city)
    with tenancy.acting_for(city.pk):
        after = AuditEntry.objects.get().after
    assert isinstance(after, dict)
    assert after["known_device"] is False


def test_who_is_unlocked_signs_in(city: Organization, boss: Operator) -> None:
    fail(Client(), "boss")
    with tenancy.acting_for(city.pk):
        assert locking.unlock(boss, None)

    assert 302 == sign_in(Client(), "boss").status_code


def test_what_is_counted_holds_no_password_and_no_login(
    city: Organization, boss: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sign_in(Client(), "secret-login", "secret-password")
        sign_in(Client(), "boss", PASSWORD)

    with tenancy.acting_for(city.pk):
        kept = [str(row) for row in AccessAttempt.objects.values()]
    assert 1 == len(kept)
    ours = " ".join(
        [
            *kept,
            *(record.getMessage() for record in caplog.records if "AXES" in record.getMessage()),
        ]
    )
    assert (False, False) == ("secret-login" in ours, "secret-password" in ours)
