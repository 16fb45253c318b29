"""Who can be reached before 送信, and that a launch then does what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.audience.selection import Selection
from denrei.deliveries import reach
from denrei.deliveries.launch import Step
from denrei.deliveries.reach import Fate, Reach, Way
from denrei.directory.models import Contact, ContactState, Household, Recipient, RecipientState
from denrei.domain.states import Medium, State
from tests.deliveries.world import World

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-6")]

MAIL, SMS, PHONE = Medium.MAIL, Medium.SMS, Medium.PHONE
EVERYBODY = Selection(everybody=True)


def person(world: World, name: str, *contacts: dict[str, Any], **changes: Any) -> Recipient:
    """Add a person with contacts; mail unless told."""
    with tenancy.acting_for(world.organization.pk):
        made = Recipient.objects.create(
            organization=world.organization, name=name, kana=name, **changes
        )
        for number, contact in enumerate(contacts):
            given = {"medium": MAIL, "address": f"{name}{number}@example.jp", "slot": 1} | contact
            Contact.objects.create(
                organization=world.organization,
                recipient=made,
                address_key=given["address"],
                **given,
            )
    return made


def measure(world: World, *media: Medium, selection: Selection = EVERYBODY) -> Reach:
    """Measure as the organization."""
    with tenancy.acting_for(world.organization.pk):
        return reach.measure(world.organization, selection, media or (MAIL,))


def unreachable(world: World, *media: Medium, **changes: Any) -> list[tuple[str, Fate]]:
    """Return names with the reason."""
    with tenancy.acting_for(world.organization.pk):
        found = reach.unreachable(
            world.organization, EVERYBODY, media or (MAIL,), **({"most": 20} | changes)
        )
    return [(person.name, person.why) for person in found]


@pytest.mark.parametrize(
    ("contacts", "why"),
    [
        pytest.param([], Fate.NO_CONTACT, id="no contact"),
        pytest.param([{"state": ContactState.RETIRED}], Fate.NO_CONTACT, id="retired"),
        pytest.param([{"medium": PHONE}], Fate.OTHER_MEDIUM, id="a medium not chosen"),
        pytest.param([{"slot": 3}], Fate.OTHER_SLOT, id="a slot that does not receive"),
        pytest.param([{"receives": False}], Fate.SWITCHED_OFF, id="switched off"),
        pytest.param([{"address": "bad@example.jp"}], Fate.KNOWN_BAD, id="known as bad"),
        pytest.param(
            [{"medium": PHONE}, {"receives": False}, {"address": "bad@example.jp"}],
            Fate.KNOWN_BAD,
            id="the reason nearest to being reached",
        ),
    ],
)
def test_who_cannot_be_reached_has_a_reason(
    world: World, contacts: Sequence[dict[str, Any]], why: Fate
) -> None:
    world.suppress("bad@example.jp")
    person(world, "あおき", *contacts)

    assert {why: 1} == measure(world).reasons
    assert [("あおき", why)] == unreachable(world)


def test_an_address_that_was_bad_once_is_sent_to_again(world: World) -> None:
    world.suppress("bad@example.jp", timedelta(seconds=-1))
    person(world, "あおき", {"address": "bad@example.jp"})

    assert {} == measure(world).reasons


def test_independent_media_count_not_addresses(world: World) -> None:
    person(world, "いち", {}, {"slot": 2})
    person(world, "に", {}, {"medium": SMS, "address": "09012340001"})
    person(world, "さん", {"medium": SMS, "address": "09012340002"})
    person(world, "なし")
    person(world, "退会", {}, state=RecipientState.LEFT)

    found = measure(world, MAIL, SMS)

    assert (4, 2, 1, 1) == (found.people, found.by_one, found.by_more, found.unreachable)
    assert {
        MAIL: Way(contacts=3, holders=2, first=2, known_bad=0),
        SMS: Way(contacts=2, holders=2, first=1, known_bad=0),
    } == found.ways
    assert [MAIL, SMS] == list(found.ways)


def test_the_first_medium_is_that_of_the_order(world: World) -> None:
    person(world, "に", {}, {"medium": SMS, "address": "09012340001"})

    found = measure(world, SMS, MAIL)

    assert (1, 0) == (found.ways[SMS].first, found.ways[MAIL].first)


@pytest.mark.spec("NEW-5")
def test_one_address_of_a_household_is_one_message(world: World) -> None:
    with tenancy.acting_for(world.organization.pk):
        home = Household.objects.create(organization=world.organization, code="1")
    for name in ("父", "母"):
        person(world, name, {"address": "home@example.jp"}, household=home)
    person(world, "叔父", {"address": "home@example.jp"})

    found = measure(world)

    assert (3, 2, 0) == (found.people, found.contacts, found.unreachable)


def test_nobody_named_is_nobody_reached(world: World) -> None:
    person(world, "あおき", {})

    assert Reach(people=0, by_one=0, by_more=0) == measure(world, selection=Selection())


def test_the_unreachable_are_listed_page_by_page(world: World) -> None:
    people = [person(world, f"あ{n}") for n in range(5)]

    first = unreachable(world, most=3)
    rest = unreachable(world, most=3, after=("あ2", people[2].pk))

    assert ["あ0", "あ1", "あ2", "あ3", "あ4"] == [name for name, _ in first + rest]


def test_the_first_of_them_are_named_with_the_figures(world: World) -> None:
    for name in ("う", "あ", "い"):
        person(world, name)

    with tenancy.acting_for(world.organization.pk):
        found = reach.measure(world.organization, EVERYBODY, (MAIL,), names=2)

    assert ["あ", "い"] == [one.name for one in found.names]
    assert 3 == found.unreachable


@pytest.mark.spec("ALL-5")
def test_addresses_that_are_bad_for_others_are_not_for_us(world: World) -> None:
    other = World.create()
    other.suppress("あおき0@example.jp")
    person(world, "あおき", {})

    assert 0 == measure(world).unreachable


def test_a_launch_does_what_was_said(world: World) -> None:
    """Whatever the contacts are like: as many messages, as many people without one."""
    with tenancy.acting_for(world.organization.pk):
        home = Household.objects.create(organization=world.organization, code="1")
    world.suppress("bad@example.jp")
    world.lane(MAIL)
    world.lane(SMS)
    for number, contacts in enumerate(
        [
            [{}, {"slot": 2}, {"slot": 3}],
            [{"receives": False}, {"medium": SMS, "address": "09012340001"}],
            [{"address": "bad@example.jp"}],
            [{"address": "bad@example.jp"}, {"medium": SMS, "address": "09012340002"}],
            [{"medium": PHONE, "address": "0312345678"}],
            [],
        ]
    ):
        person(world, f"人{number}", *contacts)
    for name in ("父", "母"):
        person(world, name, {"address": "home@example.jp"}, household=home)

    said = measure(world, MAIL, SMS)
    launched = world.launch(steps=(Step(medium=MAIL), Step(medium=SMS, after_seconds=60)))
    world.slices(launched.broadcast_id)
    states = world.states(launched.broadcast_id)

    assert launched.people == said.people
    assert said.contacts == sum(n for (state, _), n in states.items() if state == State.WAITING)
    assert sum(way.known_bad for way in said.ways.values()) == states[State.SUPPRESSED, 60]
