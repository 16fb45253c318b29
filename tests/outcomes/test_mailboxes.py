"""Mailboxes at a real server: fetched, stored, then put away; nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, transaction

from denrei.accounts import sealing, tenancy
from denrei.outcomes import keeping
from denrei.outcomes.mailboxes import MailboxError, Step, fetching
from denrei.outcomes.models import Mailbox, MailboxSeen, ReceivedMail
from tests.deliveries.world import World
from tests.peers import dovecot as peer
from tests.peers.dovecot import PASSWORD, USER, Dovecot, dovecot

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(bool(peer.why_not()), reason=peer.why_not()),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """Run one server for all of these."""
    with dovecot() as running:
        yield running


@pytest.fixture
def box(server: Dovecot) -> Dovecot:
    """Return the server with its mailbox empty."""
    server.empty()
    return server


def mailbox(world: World, server: Dovecot, protocol: str, security: str, **changes: Any) -> Mailbox:
    """Register the mailbox with the organization."""
    port = {
        ("imap", "tls"): server.imaps,
        ("pop3", "tls"): server.pop3s,
        ("imap", "starttls"): server.imap,
        ("pop3", "starttls"): server.pop3,
    }[protocol, security]
    given: dict[str, Any] = {
        "name": "受信箱",
        "protocol": protocol,
        "host": "localhost",
        "port": port,
        "security": security,
        "ca_file": server.certificate,
        "username": USER,
        "password": sealing.seal(PASSWORD),
        "after": "delete",
    }
    with tenancy.acting_for(world.organization.id):
        return Mailbox.objects.create(organization=world.organization, **(given | changes))


def visit(found: Mailbox, world: World) -> fetching.Fetched:
    """Ask the mailbox as it stands, when it is due."""
    with tenancy.acting_for(world.organization.id):
        found.refresh_from_db()
    return fetching.fetch(found)


def stored() -> int:
    """Return how many mails are stored."""
    with transaction.atomic():
        tenancy.as_worker()
        return ReceivedMail.objects.count()


def mail(number: int) -> bytes:
    """Return a mail with a line that is longer than any standard allows."""
    head = f"From: a@example.jp\r\nSubject: {number}\r\nMessage-ID: <{number}@example.jp>\r\n\r\n"
    return head.encode() + b"x" * 5000 + b"\r\nend\r\n"


WAYS = [(protocol, security) for protocol in ("imap", "pop3") for security in ("tls", "starttls")]


@pytest.mark.spec("MSG-7")
@pytest.mark.parametrize(("protocol", "security"), WAYS)
def test_what_came_is_stored_and_then_deleted(
    world: World, box: Dovecot, protocol: str, security: str
) -> None:
    box.deliver(*map(mail, range(120)))
    found = mailbox(world, box, protocol, security)

    first, second = visit(found, world), visit(found, world)

    assert (first.trouble, first.mails, second.mails) == ("", 120, 0)
    assert (stored(), box.lying()) == (120, 0)


@pytest.mark.parametrize(
    ("protocol", "after", "read"),
    [("imap", "keep", 0), ("imap", "mark", 3), ("pop3", "keep", 3)],  # POP3's server marks itself
)
def test_mails_that_stay_are_fetched_once(
    world: World, box: Dovecot, protocol: str, after: str, read: int
) -> None:
    found = mailbox(world, box, protocol, "tls", after=after)
    box.deliver(mail(1), mail(2))

    told = [visit(found, world).mails]
    box.deliver(mail(3))
    told += [visit(found, world).mails, visit(found, world).mails]

    assert told == [2, 1, 0]
    assert (stored(), box.lying(), box.lying(which="SEEN")) == (3, 3, read)


def test_mails_go_into_another_folder(world: World, box: Dovecot) -> None:
    box.empty("&UeZ0Bm4I-")
    box.deliver(mail(1), mail(2))

    told = visit(mailbox(world, box, "imap", "tls", after="move", move_to="処理済"), world)

    assert (told.trouble, told.mails) == ("", 2)
    assert (stored(), box.lying(), box.lying("&UeZ0Bm4I-")) == (2, 0, 2)


@pytest.mark.spec("ALL-1")
@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_nothing_is_deleted_that_could_not_be_stored(
    world: World, box: Dovecot, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(mails: object) -> None:
        raise OperationalError("the database is away")

    box.deliver(mail(1))
    found = mailbox(world, box, protocol, "tls")

    monkeypatch.setattr(keeping, "keep", away)
    with pytest.raises(OperationalError):
        visit(found, world)
    monkeypatch.undo()
    left = box.lying()
    visit(found, world)

    assert (left, box.lying(), stored()) == (1, 0, 1)


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_what_was_stored_but_not_put_away_is_not_stored_again(
    world: World, box: Dovecot, protocol: str
) -> None:
    box.deliver(mail(1))
    keeps = mailbox(world, box, protocol, "tls", after="keep")
    visit(keeps, world)
    with tenancy.acting_for(world.organization.id):
        Mailbox.objects.update(after="delete")
        MailboxSeen.objects.all().delete()

    visit(keeps, world)

    assert (stored(), box.lying()) == (1, 0)


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"password": "wrong"}, Step.SIGN_IN),
        ({"port": 9}, Step.CONNECT),
        ({"ca_file": ""}, Step.CONNECT),
        ({"host": "127.0.0.1"}, Step.CONNECT),
    ],
    ids=["wrong password", "nobody listens", "certificate of nobody known", "another name"],
)
def test_trouble_says_how_far_it_came(
    world: World, box: Dovecot, protocol: str, changes: dict[str, Any], step: Step
) -> None:
    password = str(changes.get("password", PASSWORD))
    changes = {name: value for name, value in changes.items() if name != "password"}
    found = mailbox(world, box, protocol, "tls", **changes)

    with pytest.raises(MailboxError) as raised:
        fetching.try_out(found, password)

    assert raised.value.step is step
    assert password not in str(raised.value)


def test_trouble_stands_on_the_row_until_it_is_over(world: World, box: Dovecot) -> None:
    found = mailbox(world, box, "imap", "tls", password=sealing.seal("wrong"))

    visit(found, world)
    with tenancy.acting_for(world.organization.id):
        found.refresh_from_db()
        before = (bool(found.trouble), found.fetched_at)
        Mailbox.objects.update(password=sealing.seal(PASSWORD))
    visit(found, world)

    with tenancy.acting_for(world.organization.id):
        found.refresh_from_db()
    assert before == (True, None)
    assert (found.trouble, found.trouble_since) == ("", None)
    assert found.fetched_at is not None


def test_one_mailbox_is_asked_by_one_at_a_time(world: World, box: Dovecot) -> None:
    found = mailbox(world, box, "imap", "tls")

    first, second = fetching.take_due(), fetching.take_due()
    assert first is not None
    visit(found, world)
    third = fetching.take_due()
    with tenancy.acting_for(world.organization.id):
        Mailbox.objects.update(next_at="2026-01-01T00:00:00Z")
    fourth = fetching.take_due()

    assert [one and one.pk for one in (first, second, third, fourth)] == [
        found.pk,
        None,
        None,
        found.pk,
    ]


def test_a_lease_that_nobody_gave_back_ends(world: World, box: Dovecot) -> None:
    found = mailbox(world, box, "imap", "tls")
    fetching.take_due()
    with tenancy.acting_for(world.organization.id):
        Mailbox.objects.update(lease_until="2026-01-01T00:00:00Z")

    again = fetching.take_due()

    assert again is not None
    assert again.pk == found.pk
