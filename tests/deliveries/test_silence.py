"""Contacts that take every message and never show a human are suspected (NEW-2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from denrei.accounts import tenancy
from denrei.accounts.models import Operator
from denrei.deliveries import fold, rounds
from denrei.deliveries.models import Silence
from denrei.directory import people
from denrei.directory.models import Contact, ContactState, Household, Recipient, RecipientState
from denrei.domain import folding
from denrei.domain.states import Evidence
from tests.deliveries.world import World, content, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-2")]

ADDRESS = "p0@example.jp"


@pytest.fixture
def mail(world: World) -> World:
    """Return a world with one person and a lane for mail."""
    world.lane()
    world.people(1)
    return world


def broadcast(world: World, **changes: Any) -> int:
    """Send one broadcast that everybody's server takes; return it."""
    sent = world.launch(**changes).broadcast_id
    with workers(1):
        world.finished(sent)
    return sent


def days_pass(world: World) -> None:
    """Let five days pass and the night come."""
    world.change("UPDATE run SET finished_at = finished_at - interval '6 days'")
    night()


def night() -> None:
    """Let the worker's clock strike."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")
        try:
            rounds.settle()
        finally:
            cursor.execute("RESET ROLE")


def tap(world: World, sent: int, address: str = ADDRESS) -> None:
    """Let a human tap the button of a message."""
    sql = "SELECT id FROM delivery WHERE broadcast_id = %s AND address = %s"
    ((delivery,),) = world.ask(sql, sent, address)
    event = fold.Event(
        source=fold.Source.ANSWER,
        key=f"tap {delivery}".encode(),
        broadcast=sent,
        delivery=delivery,
        fold=folding.human(Evidence.READ),
    )
    with tenancy.acting_for(world.organization.id):
        fold.take_in(world.organization.id, [event])
    with workers(1):
        world.until(sent, lambda _: world.ask("SELECT count(*) FROM event_open")[0][0] == 0)


def counts(world: World) -> dict[str, int]:
    """Return address → broadcasts in silence."""
    with tenancy.acting_for(world.organization.id):
        rows = Silence.objects.values_list("contact__address", "handed_over")
        return dict(rows)


def suspected(world: World) -> list[str]:
    """Return the addresses that are listed."""
    with tenancy.acting_for(world.organization.id):
        found = Silence.objects.suspected().order_by("contact")
        return list(found.values_list("contact__address", flat=True))


def silent(world: World, times: int = 3) -> list[int]:
    """Send so many broadcasts to which nobody reacts, and count them; return them."""
    sent = [broadcast(world) for _ in range(times)]
    days_pass(world)
    return sent


def test_three_broadcasts_without_a_human_are_suspect_and_two_are_not(mail: World) -> None:
    silent(mail, 2)
    after_two = suspected(mail)

    third = silent(mail, 1)

    with tenancy.acting_for(mail.organization.id):
        found = Silence.objects.get()
    assert (after_two, suspected(mail)) == ([], [ADDRESS])
    assert (found.handed_over, found.last_broadcast_id) == (3, *third)
    assert found.first_at < found.last_at


def test_what_has_not_settled_is_not_counted(mail: World) -> None:
    broadcast(mail)

    night()

    assert counts(mail) == {}


def test_a_broadcast_counts_once_though_the_night_comes_twice(mail: World) -> None:
    silent(mail, 1)

    days_pass(mail)

    assert counts(mail) == {ADDRESS: 1}


def test_a_tap_ends_the_silence(mail: World) -> None:
    silent(mail, 2)
    tap(mail, broadcast(mail))

    days_pass(mail)

    assert counts(mail) == {}


def test_a_tap_on_a_broadcast_that_was_counted_ends_it_the_night_after(mail: World) -> None:
    *_, last = silent(mail)
    tap(mail, last)
    before = suspected(mail)

    night()

    assert (before, counts(mail)) == ([ADDRESS], {})


def test_a_tap_on_a_newer_broadcast_ends_it_before_that_one_is_counted(mail: World) -> None:
    silent(mail)
    tap(mail, broadcast(mail))

    night()

    assert counts(mail) == {}


def test_who_answers_by_another_contact_had_no_reason_to_open_this_one(mail: World) -> None:
    mail.change(
        "INSERT INTO contact (organization_id, recipient_id, medium, slot, address, address_key)"
        " SELECT organization_id, id, 1, 2, 'other@x.jp', 'other@x.jp' FROM recipient"
    )
    silent(mail, 1)
    sent = broadcast(mail)
    (person,) = mail.ask("SELECT id FROM recipient")
    tap(mail, sent, "other@x.jp")
    mail.answers(sent, person)

    days_pass(mail)

    assert counts(mail) == {ADDRESS: 1}


def test_a_message_without_a_page_gives_no_chance_to_react(mail: World) -> None:
    broadcast(mail, content=content(confirm=False, choices=()))

    days_pass(mail)

    assert counts(mail) == {}


def test_what_came_back_was_not_handed_over(mail: World) -> None:
    sent = broadcast(mail)
    mail.bounces(sent, ADDRESS)
    with workers(1):
        mail.until(sent, lambda look: look.deliveries.failed == 1)

    days_pass(mail)

    assert counts(mail) == {}


def test_an_address_that_was_corrected_is_not_suspected_for_the_old_one(mail: World) -> None:
    silent(mail)
    mail.change("UPDATE contact SET address = 'new@x.jp', address_key = 'new@x.jp'")
    corrected = suspected(mail)

    silent(mail, 1)

    assert (corrected, counts(mail)) == ([], {"new@x.jp": 1})


def test_what_was_sent_to_the_old_address_says_nothing_of_the_new_one(mail: World) -> None:
    broadcast(mail)
    mail.change("UPDATE contact SET address = 'new@x.jp', address_key = 'new@x.jp'")

    days_pass(mail)

    assert counts(mail) == {}


def test_a_contact_out_of_use_and_who_has_left_are_not_listed(mail: World) -> None:
    mail.people(1, address="left@example.jp")
    silent(mail)
    both = suspected(mail)
    with tenancy.acting_for(mail.organization.id):
        Contact.objects.filter(address=ADDRESS).update(state=ContactState.RETIRED)
        left = Recipient.objects.filter(contacts__address="left@example.jp")
        left.update(state=RecipientState.LEFT)

    assert (len(both), suspected(mail)) == (2, [])


@pytest.mark.spec("NEW-5")
def test_a_shared_address_is_a_contact_of_everybody_of_the_household(world: World) -> None:
    world.lane()
    with tenancy.acting_for(world.organization.id):
        home = Household.objects.create(organization=world.organization, code="1")
    world.people(2, address="home@example.jp", household=home)

    *_, last = silent(world)
    listed = suspected(world)
    tap(world, last, "home@example.jp")
    night()

    assert (listed, suspected(world)) == (["home@example.jp"] * 2, [])


def test_a_wave_that_ends_after_its_broadcast_was_counted_adds_nothing(mail: World) -> None:
    first, *_ = silent(mail)
    mail.change(
        "INSERT INTO run (organization_id, broadcast_id, wave, stage, priority, people, steps, give_up_at, finished_at)"
        " SELECT organization_id, broadcast_id, 2, 2, 1, 0, '[]', now(), finished_at FROM run WHERE broadcast_id = %s",
        first,
    )

    night()

    assert counts(mail) == {ADDRESS: 3}
    assert mail.ask("SELECT count(*) FROM run WHERE counted_at IS NULL") == [(0,)]


def test_who_is_erased_takes_the_silence_along(mail: World) -> None:
    silent(mail, 1)

    with tenancy.acting_for(mail.organization.id):
        clerk = Operator.objects.create(organization=mail.organization, login="c", name="事務")
        people.erase(clerk, Recipient.objects.get().pk)

    assert counts(mail) == {}


@pytest.mark.spec("ALL-4")
def test_another_organization_sees_nothing_of_it(mail: World) -> None:
    other = World.create()
    silent(mail)

    assert (suspected(mail), suspected(other)) == ([ADDRESS], [])
