"""A contact that asks an operator to act is a case from the moment the ledger knows it (EMC-7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Operator
from denrei.channels.simulator import Simulator
from denrei.deliveries import fold, gateways
from denrei.deliveries.attention.noting import noted
from denrei.deliveries.launch import Step
from denrei.deliveries.models import Attention, AttentionState, Gateway
from denrei.deliveries.release import release, waiting
from denrei.deliveries.statements import statement
from denrei.directory import people
from denrei.directory.contacts import Wanted
from denrei.directory.models import Contact, ContactState, Household, Recipient, RecipientState
from denrei.directory.people import Entry
from denrei.domain import folding
from denrei.domain.attention import CODES, STATES, asks
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium, State
from denrei.domain.status import Status
from tests.deliveries.world import SAFE, World, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("EMC-7")]

ADDRESS = "p0@example.jp"


@pytest.fixture
def mail(world: World) -> World:
    """Return a world with one person and a lane for mail that tries once."""
    world.lane(retry_seconds=[0])
    world.people(1)
    return world


def broadcast(world: World, outcome: str) -> int:
    """Send one broadcast to whose address the gateway answers so; return it."""
    channel = Simulator(rules={ADDRESS: [outcome]})
    with tenancy.acting_for(world.organization.id):
        Gateway.objects.filter(lane=world.lanes[Medium.MAIL]).update(
            settings=gateways.to_settings(channel, SAFE)
        )
    launched = world.launch()
    with workers(1):
        world.finished(launched.broadcast_id)
    return launched.broadcast_id


def cases(world: World) -> list[Attention]:
    """Return all cases, by contact."""
    with tenancy.acting_for(world.organization.id):
        return list(Attention.objects.order_by("contact_id"))


def open_cases(world: World) -> int:
    """Return how many cases ask to act."""
    with tenancy.acting_for(world.organization.id):
        return Attention.objects.open().count()


def told(case: Attention) -> tuple[Status, Reason, int, AttentionState]:
    """Return what a case says."""
    return case.told_status, case.told_reason, case.times, AttentionState(case.state)


def test_a_success_is_no_case(mail: World) -> None:
    broadcast(mail, "accept")

    assert cases(mail) == []


@pytest.mark.parametrize("outcome", ["MAILBOX_FULL", "TOO_LARGE", "POLICY", "CONTENT", "TEMPORARY"])
def test_a_failure_that_is_not_the_addresss_is_no_case(mail: World, outcome: str) -> None:
    broadcast(mail, outcome)

    assert cases(mail) == []


@pytest.mark.spec("EMC-6")
def test_a_refusal_is_a_case_and_the_next_broadcast_that_leaves_it_out_goes_on_with_it(
    mail: World,
) -> None:
    first = broadcast(mail, "UNKNOWN_USER")
    (case,) = cases(mail)
    assert told(case) == (Status.ADDRESS_ERROR, Reason.UNKNOWN_USER, 1, AttentionState.OPEN)
    assert (case.broadcast_id, case.last_at) == (first, case.since)

    second = broadcast(mail, "accept")

    (again,) = cases(mail)
    assert told(again) == (Status.KNOWN_BAD, Reason.KNOWN_BAD, 2, AttentionState.OPEN)
    assert (again.broadcast_id, again.since) == (second, case.since)
    assert again.last_at > case.last_at


def test_what_is_left_out_when_it_is_claimed_is_a_case_too(mail: World) -> None:
    later = mail.launch(steps=(Step(medium=Medium.MAIL, after_seconds=600),)).broadcast_id
    mail.slices(later)
    broadcast(mail, "UNKNOWN_USER")
    mail.hurry(later)

    with workers(1):
        mail.finished(later)

    (case,) = cases(mail)
    assert told(case) == (Status.KNOWN_BAD, Reason.KNOWN_BAD, 2, AttentionState.OPEN)
    assert case.broadcast_id == later


def test_a_mail_that_came_back_later_is_a_case(mail: World) -> None:
    sent = broadcast(mail, "accept")
    mail.bounces(sent, ADDRESS, Reason.FILTERED)

    with workers(1):
        mail.until(sent, lambda look: look.deliveries.failed == 1)

    (case,) = cases(mail)
    assert told(case) == (Status.ADDRESS_ERROR, Reason.FILTERED, 1, AttentionState.OPEN)


def test_an_account_that_is_suspended_is_a_case_before_it_is_left_out(mail: World) -> None:
    for _ in range(4):
        broadcast(mail, "SUSPENDED")

    (case,) = cases(mail)
    assert told(case) == (Status.KNOWN_BAD, Reason.KNOWN_BAD, 4, AttentionState.OPEN)


def test_the_same_told_again_after_a_cut_changes_nothing(mail: World) -> None:
    sent = broadcast(mail, "UNKNOWN_USER")
    (before,) = cases(mail)

    note(mail, sent)

    (after,) = cases(mail)
    assert vars(before) | {"_state": None} == vars(after) | {"_state": None}


def note(world: World, sent: int) -> None:
    """Run what notes the deliveries of a broadcast, as a repeated record does."""
    ids = [row[0] for row in world.ask("SELECT id FROM delivery WHERE broadcast_id = %s", sent)]
    with world.acting() as connection:
        for name, parameters in noted(ids):
            connection.execute(
                statement(name), {"organization": world.organization.id, **parameters}
            )


def test_a_case_that_was_done_opens_again_with_the_next_failure_and_not_with_the_same(
    mail: World,
) -> None:
    first = broadcast(mail, "UNKNOWN_USER")
    with tenancy.acting_for(mail.organization.id):
        Attention.objects.update(state=AttentionState.DONE, note="電話した")
    note(mail, first)
    (done,) = cases(mail)

    broadcast(mail, "accept")

    (again,) = cases(mail)
    assert done.state == AttentionState.DONE
    assert told(again) == (Status.KNOWN_BAD, Reason.KNOWN_BAD, 1, AttentionState.OPEN)
    assert (again.since, again.note) == (again.last_at, "電話した")


def test_everybody_of_a_household_who_shares_the_address_has_a_case(world: World) -> None:
    world.lane(rules={"home@example.jp": ["UNKNOWN_USER"]}, retry_seconds=[0])
    with tenancy.acting_for(world.organization.id):
        home = Household.objects.create(organization=world.organization, code="1")
    both = world.people(2, address="home@example.jp", household=home)
    launched = world.launch()

    with workers(1):
        world.finished(launched.broadcast_id)

    assert [case.recipient_id for case in cases(world)] == [person.pk for person in both]


def tap(world: World, delivery: int) -> None:
    """Let a human answer a message."""
    (sent,) = world.ask("SELECT broadcast_id FROM delivery WHERE id = %s", delivery)[0]
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


def test_a_human_answer_from_the_address_ends_the_case(mail: World) -> None:
    broadcast(mail, "SUSPENDED")
    sent = broadcast(mail, "accept")
    assert open_cases(mail) == 1

    tap(mail, mail.ask("SELECT id FROM delivery WHERE broadcast_id = %s", sent)[0][0])

    (case,) = cases(mail)
    assert (case.state, case.handled_by_id) == (AttentionState.HEARD, None)


def test_an_answer_from_another_address_ends_nothing(mail: World) -> None:
    broadcast(mail, "SUSPENDED")
    mail.people(1, address="other@example.jp")
    sent = broadcast(mail, "accept")

    other = "SELECT id FROM delivery WHERE broadcast_id = %s AND address = 'other@example.jp'"
    tap(mail, mail.ask(other, sent)[0][0])

    assert open_cases(mail) == 1


def entry(person: Recipient, *addresses: str) -> Entry:
    """Return what an operator says of a person who has these addresses."""
    contacts = tuple(
        Wanted(medium=Medium.MAIL, address=address, key=address, slot=slot)
        for slot, address in enumerate(addresses, 1)
    )
    return Entry(name=person.name, contacts=contacts)


def act(world: World, what: Any) -> None:
    """Let an operator of the organization do something to its only person."""
    with tenancy.acting_for(world.organization.id):
        clerk = Operator.objects.create(organization=world.organization, login="c", name="事務")
        what(clerk, Recipient.objects.get())


def test_an_address_that_is_corrected_ends_the_case(mail: World) -> None:
    broadcast(mail, "UNKNOWN_USER")

    act(
        mail,
        lambda clerk, one: people.change(clerk, one.pk, entry(one, "new@x.jp"), one.updated_at),
    )

    (case,) = cases(mail)
    assert (case.state, open_cases(mail)) == (AttentionState.MENDED, 0)
    assert case.handled_at is not None


def test_another_address_beside_it_ends_nothing(mail: World) -> None:
    broadcast(mail, "UNKNOWN_USER")

    act(
        mail,
        lambda clerk, one: people.change(
            clerk, one.pk, entry(one, ADDRESS, "new@x.jp"), one.updated_at
        ),
    )

    assert open_cases(mail) == 1


def test_a_contact_that_was_retired_before_the_failure_came_is_no_case(mail: World) -> None:
    sent = broadcast(mail, "accept")
    with tenancy.acting_for(mail.organization.id):
        Contact.objects.update(state=ContactState.RETIRED)
    mail.bounces(sent, ADDRESS)

    with workers(1):
        mail.until(sent, lambda look: look.deliveries.failed == 1)

    assert cases(mail) == []


def test_who_left_asks_nobody_to_act_until_he_comes_back(mail: World) -> None:
    broadcast(mail, "UNKNOWN_USER")
    act(mail, lambda clerk, one: people.move(clerk, one.pk, RecipientState.LEFT))
    gone = open_cases(mail)

    with tenancy.acting_for(mail.organization.id):
        Recipient.objects.update(state=RecipientState.ACTIVE)

    assert (0, 1) == (gone, open_cases(mail))


def test_who_is_erased_takes_the_case_along(mail: World) -> None:
    broadcast(mail, "UNKNOWN_USER")

    act(mail, lambda clerk, one: people.erase(clerk, one.pk))

    assert cases(mail) == []


@pytest.mark.spec("EMC-6")
def test_a_release_ends_the_case_and_sends_what_an_open_broadcast_had_left_out(
    mail: World,
) -> None:
    broadcast(mail, "UNKNOWN_USER")
    broadcast(mail, "accept")  # from now on it would be taken
    mail.lane(Medium.SMS)
    mail.people(1, medium=Medium.SMS)
    steps = (Step(medium=Medium.MAIL), Step(medium=Medium.SMS, after_seconds=600))
    sent = mail.launch(steps=steps).broadcast_id
    organization = mail.organization.id

    with workers(1):
        mail.until(sent, lambda look: look.deliveries.suppressed == 1)
        foretold = waiting(organization, Medium.MAIL, ADDRESS)
        released = release(organization, Medium.MAIL, ADDRESS)
        mail.until(sent, lambda look: look.deliveries.handed_over == 1)

    (case,) = cases(mail)
    assert (1, 1, AttentionState.RELEASED) == (foretold, released, case.state)
    assert waiting(organization, Medium.MAIL, ADDRESS) == 0


@pytest.mark.spec("EMC-6")
def test_a_case_is_over_when_its_suppression_has_ended_by_itself(mail: World) -> None:
    broadcast(mail, "UNKNOWN_USER")
    (before,) = cases(mail)
    assert before.until is not None
    assert before.until - before.since == timedelta(days=30)

    mail.change("UPDATE suppression SET until = now() - interval '1 second'")
    mail.change("UPDATE attention SET until = now() - interval '1 second'")
    over = open_cases(mail)
    broadcast(mail, "UNKNOWN_USER")

    (again,) = cases(mail)
    assert (0, 1) == (over, open_cases(mail))
    assert (again.times, again.since) == (1, again.last_at)


def test_statuses_that_ask_to_act_and_only_those_are_cases() -> None:
    assert asks(Medium.PHONE, State.EXHAUSTED, Reason.BAD_NUMBER)
    assert asks(Medium.APP, State.FAILED, Reason.BAD_TOKEN)
    assert asks(Medium.MAIL, State.SUPPRESSED, Reason.KNOWN_BAD)
    assert not asks(Medium.SMS, State.SUPPRESSED, Reason.OPTED_OUT)
    assert not asks(Medium.PHONE, State.WAITING, Reason.REJECTED)
    assert not asks(Medium.MAIL, State.FAILED, Reason.MAILBOX_FULL)


def test_the_statement_that_folds_knows_all_states_that_may_ask_to_act() -> None:
    assert STATES - {State.SUPPRESSED} == {State.BOUNCED, State.FAILED, State.EXHAUSTED}
    assert "(3, 4, 8)" in statement("fold")
    assert sorted(CODES.values()) == [1, 2, 3, 4, 5, 6]
