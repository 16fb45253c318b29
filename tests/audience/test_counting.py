"""Before sending: how many people and contacts a selection reaches, and whom it does not."""

from __future__ import annotations

from typing import Any

import pytest

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Organization
from denrei.audience import counting
from denrei.audience.counting import Count
from denrei.audience.selection import Selection
from denrei.directory.models import Contact, ContactState, Recipient, RecipientState
from denrei.domain.states import Medium

pytestmark = [pytest.mark.django_db, pytest.mark.spec("MSG-3")]

EVERYBODY = Selection(everybody=True)


@pytest.fixture
def city() -> Organization:
    """Return an organization without people."""
    return organizations.create("city", "伝令市")


def person(city: Organization, kana: str, *contacts: dict[str, Any], **changes: Any) -> Recipient:
    """Add a person with contacts."""
    with tenancy.acting_for(city.pk):
        made = Recipient.objects.create(organization=city, name=kana, kana=kana, **changes)
        for number, contact in enumerate(contacts):
            given: dict[str, Any] = {
                "medium": Medium.MAIL,
                "address": f"{kana}{number}@example.jp",
            } | contact
            Contact.objects.create(
                organization=city, recipient=made, address_key=given["address"], **given
            )
    return made


def count(
    city: Organization, *media: Medium, selection: Selection = EVERYBODY, slots: int = 2
) -> Count:
    """Count as the organization."""
    with tenancy.acting_for(city.pk):
        return counting.count(selection, media or (Medium.MAIL,), slots)


def counted(people: int, contacts: int, *without: str) -> Count:
    """Return a count whose unreachable are all named."""
    return Count(
        people=people,
        contacts=contacts,
        unreachable=len(without),
        unreachable_names=list(without),
    )


@pytest.mark.parametrize(
    ("contact", "reached"),
    [
        pytest.param({}, True, id="mail"),
        pytest.param({"state": ContactState.CONFIRMED}, True, id="confirmed"),
        pytest.param({"slot": 2}, True, id="the last slot that receives"),
        pytest.param({"slot": 3}, False, id="a slot that does not receive"),
        pytest.param({"receives": False}, False, id="switched off"),
        pytest.param({"state": ContactState.RETIRED}, False, id="retired"),
        pytest.param({"medium": Medium.PHONE, "address": "0312345678"}, False, id="other medium"),
    ],
)
@pytest.mark.spec("SCH-3", "SCH-4")
def test_a_contact_counts_where_a_broadcast_would_go_to_it(
    city: Organization, contact: dict[str, Any], reached: bool
) -> None:
    person(city, "あおき", contact)

    assert (counted(1, 1) if reached else counted(1, 0, "あおき")) == count(city)


def test_the_slots_bound_mail_only(city: Organization) -> None:
    person(city, "あおき", {"medium": Medium.PHONE, "address": "0312345678", "slot": 4})

    assert counted(1, 1) == count(city, Medium.PHONE, slots=1)


def test_each_contact_of_each_medium_counts_and_a_person_once(city: Organization) -> None:
    phone = {"medium": Medium.PHONE, "address": "0312345678"}
    person(city, "あおき", {"slot": 1}, {"slot": 2}, phone)
    person(city, "いとう", phone)
    person(city, "うえだ")

    assert counted(3, 2, "いとう", "うえだ") == count(city, Medium.MAIL)
    assert counted(3, 4, "うえだ") == count(city, Medium.MAIL, Medium.PHONE)


def test_who_has_left_is_not_meant(city: Organization) -> None:
    person(city, "あおき", {}, state=RecipientState.LEFT)

    assert counted(0, 0) == count(city)


def test_nobody_is_counted_as_nobody(city: Organization) -> None:
    person(city, "あおき", {})

    assert counted(0, 0) == count(city, selection=Selection())


def test_of_many_the_first_names_are_told_in_order(city: Organization) -> None:
    for number in range(25):
        person(city, f"な{number:02}")

    found = count(city)

    assert (25, 25) == (found.people, found.unreachable)
    assert [f"な{number:02}" for number in range(20)] == list(found.unreachable_names)


@pytest.mark.spec("ALL-5")
def test_another_organization_s_people_do_not_count(city: Organization) -> None:
    other = organizations.create("other", "別の市")
    stranger = person(other, "かとう", {})

    assert counted(0, 0) == count(city, selection=Selection(recipients=(stranger.pk,)))
