"""テスト連絡: to one contact, past the counts, with what it means for the address (EMC-8, EMC-6)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator
from denrei.broadcasts.models import Broadcast
from denrei.deliveries import release, tasks
from denrei.deliveries.contact_tests import pressing, sending
from denrei.deliveries.models import AttentionState, ContactTest
from denrei.directory.models import Contact
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Status
from tests import jobs
from tests.deliveries.mailservers import MailServers
from tests.deliveries.world import World, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("EMC-8")]
ADDRESS = "p0@example.jp"


@pytest.fixture
def operator(world: World) -> Operator:
    with tenancy.acting_for(world.organization.id):
        return Operator.objects.create(
            organization=world.organization, login="clerk", name="事務 一郎"
        )


def press(world: World, operator: Operator) -> ContactTest:
    with tenancy.acting_for(world.organization.id):
        contact = Contact.objects.get(address=ADDRESS)
        return pressing.press(operator, contact, timezone.now())


def as_worker() -> None:
    """Let Django act as the worker's role, as it does in the worker's process."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")


def sent(world: World, operator: Operator) -> ContactTest:
    """Press and send in this very process; return how it stands then."""
    test = press(world, operator)
    as_worker()
    sending.send(world.organization.id, test.pk)
    connection.close()
    return now(test)


def now(test: ContactTest) -> ContactTest:
    with tenancy.acting_for(test.organization_id):
        return ContactTest.objects.get(pk=test.pk)


def suppressed(world: World) -> list[tuple[int, bool]]:
    return world.ask("SELECT reason::int, until > now() FROM suppression")


def acts(world: World) -> list[tuple[str, str]]:
    with tenancy.acting_for(world.organization.id):
        found = AuditEntry.objects.filter(action__startswith="address.").order_by("pk")
        return [(one.action, one.actor_name) for one in found]


def test_one_that_arrives_is_counted_nowhere(world: World, operator: Operator) -> None:
    world.lane()
    world.people(2)

    test = sent(world, operator)

    assert (Status.DONE, "accepted", False) == (test.status, test.reply, test.has_released)
    with tenancy.acting_for(world.organization.id):
        assert not Broadcast.objects.exists()
    assert [(0,)] == world.ask("SELECT count(*) FROM delivery")
    assert [("address.tried", "事務 一郎")] == acts(world)


def test_the_message_says_what_it_is_and_names_the_contact(
    world: World, operator: Operator, tmp_path_factory: pytest.TempPathFactory
) -> None:
    servers = MailServers(tmp_path_factory.mktemp("world") / "log")
    world.lane(channel=servers.gateway(1))
    world.people(1)

    with servers.listening():
        test = sent(world, operator)

    assert {ADDRESS: [f"0.{test.pk}@denrei.example"]} == servers.messages()


@pytest.mark.spec("EMC-6")
def test_an_arrival_ends_the_suppression_and_the_open_broadcast_goes_out(
    world: World, operator: Operator
) -> None:
    world.lane(rules={ADDRESS: ["UNKNOWN_USER", "accept"]})
    world.people(1)
    with workers():
        broadcast = world.launch().broadcast_id
        world.finished(broadcast)
    assert [(Reason.UNKNOWN_USER, True)] == suppressed(world)
    world.change("UPDATE gateway SET settings = settings - 'rules'")

    test = sent(world, operator)

    assert (State.ACCEPTED, True) == (test.state, test.has_released)
    assert [(Reason.UNKNOWN_USER, False)] == suppressed(world)
    assert [(AttentionState.TESTED,)] == world.ask("SELECT state::int FROM attention")
    assert [("address.tried", "事務 一郎"), ("address.tested", "事務 一郎")] == acts(world)


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(
    ("reason", "status", "silences"),
    [
        (Reason.UNKNOWN_USER, Status.ADDRESS_ERROR, True),
        (Reason.FILTERED, Status.ADDRESS_ERROR, True),
        (Reason.SUSPENDED, Status.ADDRESS_ERROR, False),
        (Reason.MAILBOX_FULL, Status.OTHER_ERROR, False),
        (Reason.POLICY, Status.OTHER_ERROR, False),
    ],
)
def test_a_refusal_is_told_and_silences_as_after_a_broadcast(
    world: World, operator: Operator, reason: Reason, status: Status, silences: bool
) -> None:
    world.lane(rules={ADDRESS: [reason.name]})
    world.people(1)

    test = sent(world, operator)

    assert (State.FAILED, reason, status) == (test.state, test.reason, test.status)
    assert ([(reason, True)] if silences else []) == suppressed(world)


@pytest.mark.spec("EMC-7")
def test_a_refusal_opens_the_case_of_the_address_again(world: World, operator: Operator) -> None:
    world.lane(rules={ADDRESS: ["UNKNOWN_USER"]})
    world.people(1)
    with workers():
        world.finished(world.launch().broadcast_id)
    release.release(world.organization.id, Medium.MAIL, ADDRESS, operator)

    sent(world, operator)

    assert [(AttentionState.OPEN, True)] == world.ask(
        "SELECT a.state::int, a.until = s.until FROM attention a, suppression s"
    )
    assert [(Reason.UNKNOWN_USER, True)] == suppressed(world)
    assert ("address.left_out", "") == acts(world)[-1]


def test_without_a_gateway_it_says_so(world: World, operator: Operator) -> None:
    world.people(1)

    test = sent(world, operator)

    assert (State.FAILED, Reason.GATEWAY, sending.NO_WAY) == (test.state, test.reason, test.reply)
    assert [] == suppressed(world)


def test_a_second_press_begins_no_second_test(world: World, operator: Operator) -> None:
    world.lane()
    world.people(1)

    first, second = press(world, operator), press(world, operator)

    assert first.pk == second.pk
    sending.send(world.organization.id, first.pk)
    assert first.pk != press(world, operator).pk


def test_one_whose_worker_died_is_not_sent_again_and_may_be_pressed_anew(
    world: World, operator: Operator
) -> None:
    world.lane()
    world.people(1)
    test = press(world, operator)
    world.change("UPDATE contact_test SET began_at = now()")

    sending.send(world.organization.id, test.pk)
    present = now(test)

    assert (Status.IN_PROGRESS, True) == (present.status, present.is_under_way(timezone.now()))
    world.change("UPDATE contact_test SET pressed_at = now() - interval '6 minutes'")
    assert now(test).is_lost(timezone.now())
    assert press(world, operator).pk != test.pk


def test_what_came_back_before_its_end_was_written_stays(world: World, operator: Operator) -> None:
    world.lane()
    world.people(1)
    test = press(world, operator)
    with tenancy.acting_for(world.organization.id):
        sending.came_back(test.pk, Reason.UNKNOWN_USER, "550 no such user")

    sending.send(world.organization.id, test.pk)

    assert (State.BOUNCED, Status.ADDRESS_ERROR) == (now(test).state, now(test).status)
    assert [(Reason.UNKNOWN_USER, True)] == suppressed(world)


def test_a_worker_takes_it_out_of_the_queue(world: World, operator: Operator) -> None:
    world.lane()
    world.people(1)
    test = press(world, operator)

    jobs.run(tasks.TESTS)

    assert State.ACCEPTED == now(test).state
    assert not ProcrastinateJob.objects.filter(queue_name=tasks.TESTS).exists()


def test_a_test_of_an_address_that_was_corrected_is_not_shown(
    world: World, operator: Operator
) -> None:
    world.lane()
    world.people(1)
    test = sent(world, operator)
    with tenancy.acting_for(world.organization.id):
        contacts = list(Contact.objects.all())
        assert {contacts[0].pk: test.pk} == {
            number: one.pk for number, one in pressing.latest(contacts).items()
        }
        Contact.objects.update(address="new@example.jp", address_key="new@example.jp")
        assert {} == pressing.latest(list(Contact.objects.all()))
