"""A テスト連絡 that comes back: told to the test, to nobody's delivery, and by nobody's forgery (EMC-8)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator
from denrei.deliveries import links
from denrei.deliveries.contact_tests import pressing, sending
from denrei.deliveries.models import ContactTest
from denrei.directory.models import Contact
from denrei.domain.bounces import Kind
from denrei.domain.failures import Reason
from denrei.domain.states import State
from denrei.outcomes.models import FoundBy, ReceivedMail, Way
from denrei.project.demo.rules import answer
from tests.deliveries.mailservers import MailServers
from tests.deliveries.world import World, wait_for
from tests.outcomes.room import DOMAIN, post_room, report
from tests.outcomes.test_reading import arrive, mail

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("EMC-8", "EMC-6")]
ADDRESS = "p0@example.jp"


@pytest.fixture
def test(world: World) -> ContactTest:
    """Return a test that a server took."""
    world.lane()
    world.people(1)
    test = pressed(world)
    sending.send(world.organization.id, test.pk)
    return test


def pressed(world: World) -> ContactTest:
    with tenancy.acting_for(world.organization.id):
        operator = Operator.objects.create(organization=world.organization, login="me", name="私")
        return pressing.press(operator, Contact.objects.get(), timezone.now())


def path(test: ContactTest) -> str:
    return f"b+{links.test_token(test.organization_id, test.pk)}@{DOMAIN}"


def stands(test: ContactTest) -> tuple[int, int]:
    with tenancy.acting_for(test.organization_id):
        now = ContactTest.objects.get(pk=test.pk)
    return now.state, now.reason


def kept(test: ContactTest) -> list[tuple[str, int | None, int | None]]:
    with tenancy.acting_for(test.organization_id):
        found = ReceivedMail.objects.order_by("pk")
        return [(one.found_by, one.delivery_id, one.recipient_id) for one in found]


def test_a_report_to_its_return_path_ends_it_and_silences_the_address(
    world: World, test: ContactTest
) -> None:
    arrive(mail(report(ADDRESS), path(test)))
    arrive(mail(report(ADDRESS, message_id="<again@mx.example>"), path(test)))

    assert (State.BOUNCED, Reason.UNKNOWN_USER) == stands(test)
    assert [(FoundBy.TOKEN, None, test.recipient_id)] * 2 == kept(test)
    assert [(Reason.UNKNOWN_USER, True)] == world.ask(
        "SELECT reason::int, until > now() FROM suppression"
    )
    assert [(0,)] == world.ask("SELECT count(*) FROM event")
    assert [(1,)] == world.ask("SELECT count(*) FROM audit_entry WHERE action = 'address.left_out'")


def test_one_that_comes_back_over_the_wire_after_it_was_taken(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("denrei.project.demo.returning._AFTER", 0.1)
    servers = MailServers(tmp_path / "log")
    world.lane(channel=servers.gateway(1, DOMAIN))
    world.people(1)
    world.suppress(ADDRESS)

    with (
        post_room(Way.LMTP) as (port,),
        servers.listening([answer("relay-unknown", ADDRESS)], ("127.0.0.1", port)),
    ):
        test = pressed(world)
        sending.send(world.organization.id, test.pk)
        taken = stands(test)
        wait_for(lambda: stands(test) == (State.BOUNCED, Reason.UNKNOWN_USER), 60.0)

    assert (State.ACCEPTED, Reason.NONE) == taken
    assert [(FoundBy.TOKEN, None, test.recipient_id)] == kept(test)
    assert [(True,)] == world.ask("SELECT until > now() FROM suppression")
    with tenancy.acting_for(world.organization.id):
        acts = AuditEntry.objects.filter(action__startswith="address.").order_by("pk")
        assert ["address.tried", "address.tested", "address.left_out"] == [
            one.action for one in acts
        ]


def test_in_a_mailbox_its_message_id_and_address_name_it(test: ContactTest) -> None:
    message_id = f"<{links.test_correlation(test.pk)}@city.example>"
    raw = report(ADDRESS, written_to=ADDRESS, envelope_id=message_id)

    arrive(mail(raw, came_to=test.organization_id))

    assert (State.BOUNCED, Reason.UNKNOWN_USER) == stands(test)
    assert [(FoundBy.MESSAGE, None, test.recipient_id)] == kept(test)


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0")], ids=["late", "arrived"]
)
def test_what_is_no_failure_changes_nothing(test: ContactTest, action: str, status: str) -> None:
    arrive(mail(report(ADDRESS, action=action, status=status), path(test)))

    assert (State.ACCEPTED, Reason.NONE) == stands(test)


def test_a_message_id_beside_another_address_changes_nothing(
    world: World, test: ContactTest
) -> None:
    message_id = f"<{links.test_correlation(test.pk)}@city.example>"

    arrive(mail(report("x@example.jp", envelope_id=message_id), came_to=test.organization_id))

    assert (State.ACCEPTED, Reason.NONE) == stands(test)
    assert [] == world.ask("SELECT FROM suppression")


def test_a_forged_return_path_changes_nothing(world: World, test: ContactTest) -> None:
    token = links.return_token(test.organization_id, test.pk)  # of a delivery of that number

    arrive(mail(report(ADDRESS), f"b+{token[:-1]}0@{DOMAIN}"))
    arrive(mail(report(ADDRESS), f"b+{token}@{DOMAIN}"))

    assert (State.ACCEPTED, Reason.NONE) == stands(test)
    assert [] == world.ask("SELECT FROM suppression")


def test_a_reply_to_it_waits_for_a_human_beside_the_person(test: ContactTest) -> None:
    raw = (
        f"From: Taro <{ADDRESS}>\r\nSubject: Re\r\n"
        f"In-Reply-To: <{links.test_correlation(test.pk)}@city.example>\r\n\r\nok\r\n"
    ).encode()

    arrive(mail(raw, came_to=test.organization_id))

    with tenancy.acting_for(test.organization_id):
        one = ReceivedMail.objects.get()
    assert (Kind.OTHER, test.recipient_id, True) == (one.told_kind, one.recipient_id, one.waits)
    assert (State.ACCEPTED, Reason.NONE) == stands(test)
