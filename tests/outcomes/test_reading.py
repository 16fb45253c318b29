"""Stored mails become events of the ledger: of the right delivery, once, and of no other organization."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from denrei.accounts import tenancy
from denrei.deliveries import links
from denrei.domain.bounces import Kind
from denrei.domain.failures import Reason
from denrei.domain.states import State
from denrei.outcomes import keeping, reading
from denrei.outcomes.keeping import Arrived
from denrei.outcomes.models import FoundBy, ReceivedMail, Way
from tests.deliveries.world import World, workers
from tests.outcomes.room import DOMAIN, arrive, mail, original, path, received, report, sent

pytestmark = pytest.mark.usefixtures("committed")
_numbers = itertools.count(1)
REPLY = (
    b"From: Taro <p0@example.jp>\r\nSubject: =?utf-8?b?54Sh5LqL44Gn44GZ?=\r\n\r\nwhere do I go?\r\n"
)


def bounced(world: World) -> list[tuple[int, int]]:
    """Return (state, reason) of each delivery, after all is folded."""
    with workers():
        while world.ask("SELECT FROM event_open"):
            pass
    return world.ask("SELECT state, reason FROM delivery ORDER BY recipient_id")


def unclaimed() -> int:
    with transaction.atomic():
        tenancy.as_worker()
        return ReceivedMail.objects.unclaimed().count()


def found(world: World) -> list[tuple[str, str, bool]]:
    return [(one.kind, one.found_by, one.waits) for one in received(world)]


ACCEPTED, UNKNOWN = (State.ACCEPTED, Reason.NONE), (State.BOUNCED, Reason.UNKNOWN_USER)


@pytest.mark.spec("EMC-6")
def test_a_bounce_at_our_return_path_ends_its_delivery(world: World) -> None:
    first, second = sent(world, 2)

    arrive(mail(report("p1@example.jp"), path(world, second)))

    assert bounced(world) == [ACCEPTED, UNKNOWN]
    assert found(world) == [(Kind.FAILED, FoundBy.TOKEN, False)]
    assert first


@pytest.mark.spec("EMC-6")
def test_a_forged_return_path_changes_nothing_whatever_the_mail_quotes(world: World) -> None:
    (delivery,) = sent(world)
    token = links.return_token(world.organization.id, delivery)
    forged = f"b+{token[:-2]}{'00' if token[-2:] != '00' else '11'}@{DOMAIN}"

    arrive(
        mail(report("p0@example.jp", original=original(world, delivery)), forged),
        mail(
            report("p0@example.jp", original=original(world, delivery)),
            forged,
            world.organization.id,
        ),
    )

    assert bounced(world) == [ACCEPTED]
    assert [(one.found_by, one.waits) for one in received(world)] == []
    assert unclaimed() == 1


@pytest.mark.parametrize(
    ("raw", "kind", "waits"),
    [
        (REPLY, Kind.OTHER, True),
        (b"", Kind.OTHER, True),
        (b"\xff\xfe\x00 no mail at all", Kind.OTHER, True),
        (
            REPLY.replace(b"Subject", b"Auto-Submitted: auto-replied\r\nSubject"),
            Kind.AUTOMATIC,
            False,
        ),
        (report("p0@example.jp", action="delayed", status="4.4.1"), Kind.DELAYED, False),
    ],
    ids=["a reply", "empty", "rubbish", "out of office", "delayed"],
)
@pytest.mark.spec("EMC-6", "MSG-7")
def test_what_is_no_failure_ends_nothing_and_is_kept(
    world: World, raw: bytes, kind: Kind, waits: bool
) -> None:
    (delivery,) = sent(world)

    arrive(mail(raw, path(world, delivery)))

    assert bounced(world) == [ACCEPTED]
    assert found(world) == [(kind, FoundBy.TOKEN, waits)]


def test_without_our_return_path_the_message_id_and_the_address_tell(world: World) -> None:
    (delivery,) = sent(world)
    raw = report("p0@example.jp", original=original(world, delivery))

    arrive(mail(raw, "bousai@city.example", world.organization.id))

    assert bounced(world) == [UNKNOWN]
    assert found(world) == [(Kind.FAILED, FoundBy.MESSAGE, False)]


def test_a_message_id_beside_another_address_is_shown_to_a_human(world: World) -> None:
    (delivery,) = sent(world)
    raw = report("else@example.com", original=original(world, delivery))

    arrive(mail(raw, "bousai@city.example", world.organization.id))

    assert bounced(world) == [ACCEPTED]
    assert found(world) == [(Kind.FAILED, FoundBy.MESSAGE, True)]


def test_the_address_alone_ends_a_delivery_and_silences_nobody(world: World) -> None:
    sent(world)

    arrive(mail(report("P0@Example.JP"), "bousai@city.example", world.organization.id))

    assert bounced(world) == [(State.BOUNCED, Reason.OTHER)]
    assert found(world) == [(Kind.FAILED, FoundBy.ADDRESS, True)]
    assert world.ask("SELECT FROM suppression") == []


def test_the_address_that_was_written_to_goes_before_the_one_it_was_forwarded_to(
    world: World,
) -> None:
    sent(world, 2)
    raw = report("p1@example.jp", written_to="p0@example.jp")

    arrive(mail(raw, "bousai@city.example", world.organization.id))

    assert bounced(world) == [(State.BOUNCED, Reason.OTHER), ACCEPTED]
    assert found(world) == [(Kind.FAILED, FoundBy.ADDRESS, True)]


@pytest.mark.parametrize("named", ["original", "envelope_id"])
def test_a_report_with_our_id_and_the_address_we_wrote_to_ends_and_silences_nobody(
    world: World, named: str
) -> None:
    (delivery,) = sent(world)
    ids = {named: original(world, delivery)}
    raw = report("taro@forward.example", written_to="p0@example.jp", **ids)

    arrive(mail(raw, "bousai@city.example", world.organization.id))

    assert bounced(world) == [(State.BOUNCED, Reason.OTHER)]
    assert found(world) == [(Kind.FAILED, FoundBy.MESSAGE, True)]
    assert world.ask("SELECT FROM suppression") == []


def test_a_mail_about_two_deliveries_is_kept_with_both(world: World) -> None:
    sent(world, 2)
    raw = report("p0@example.jp").replace(
        b"Diagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n--b",
        b"\r\nFinal-Recipient: rfc822; p1@example.jp\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b",
    )

    arrive(mail(raw, "bousai@city.example", world.organization.id))

    assert bounced(world) == [(State.BOUNCED, Reason.OTHER)] * 2
    assert [one.reported for one in received(world)] == ["p0@example.jp", "p1@example.jp"]


def test_a_reply_is_kept_with_the_person_and_the_broadcast(world: World) -> None:
    (delivery,) = sent(world)
    quoted = f"In-Reply-To: {original(world, delivery)}\r\n".encode()

    arrive(mail(quoted + REPLY, "bousai@city.example", world.organization.id))

    (one,) = received(world)
    assert (one.kind, one.delivery_id, one.waits) == (Kind.OTHER, delivery, True)
    assert (one.author, one.subject) == ("Taro <p0@example.jp>", "無事です")
    assert bounced(world) == [ACCEPTED]


@pytest.mark.spec("ALL-5")
def test_a_mail_changes_nothing_in_another_organization(world: World) -> None:
    other = World.create()
    (theirs,) = sent(other)
    raw = report("p0@example.jp", original=original(other, theirs))

    arrive(
        mail(raw, "bousai@city.example", world.organization.id),
        mail(raw, path(world, theirs)),
        mail(raw, "who@knows.example"),
    )

    assert bounced(other) == [ACCEPTED]
    assert received(other) == []
    assert len(received(world)) == 2
    assert unclaimed() == 1


@pytest.mark.spec("ALL-5")
def test_nobody_but_the_worker_sees_a_mail_before_it_has_an_owner(world: World) -> None:
    keeping.keep([mail(REPLY, "who@knows.example")])

    assert received(world) == []
    reading.read_some()
    assert received(world) == []


def test_a_mail_that_breaks_the_reader_keeps_no_other_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sent(world, 2)
    opened = reading.open_mail

    def broken(one: ReceivedMail) -> Any:
        if b"poison" in bytes(one.raw):
            raise KeyError("poison")
        return opened(one)

    monkeypatch.setattr(reading, "open_mail", broken)
    arrive(mail(b"poison", path(world, first)), mail(report("p1@example.jp"), path(world, second)))

    assert bounced(world) == [ACCEPTED, UNKNOWN]
    assert unclaimed() == 1


@pytest.mark.spec("EMC-6", "ALL-2")
def test_the_same_words_are_one_event_whatever_way_they_came_and_how_often(world: World) -> None:
    (delivery,) = sent(world)
    raw = report("p0@example.jp")
    by_mailbox = b"Delivered-To: " + path(world, delivery).encode() + b"\r\n" + raw

    arrive(mail(raw, path(world, delivery)), mail(raw, path(world, delivery).upper()))
    arrive(mail(raw, path(world, delivery), way=Way.SMTP))
    arrive(mail(by_mailbox, "", world.organization.id, Way.MAILBOX))

    assert bounced(world) == [UNKNOWN]
    assert world.ask("SELECT count(*) FROM event") == [(1,)]
    assert len(received(world)) == 1


@pytest.fixture
def three(world: World) -> tuple[World, list[int]]:
    """Return a world and three deliveries that were handed over."""
    return world, sent(world, 3)


_MAILS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["failed", "delayed", "delivered", "reply"]),
        st.integers(0, 1),
    ),
    max_size=12,
)


@pytest.mark.spec("EMC-6", "ALL-2")
def test_order_and_repeats_do_not_matter(three: tuple[World, list[int]]) -> None:
    world, deliveries = three

    @settings(max_examples=20)
    @given(_MAILS, st.data())
    def check(mails: Sequence[tuple[int, str, int]], data: st.DataObject) -> None:
        nonce = next(_numbers)
        before = world.ask("SELECT count(*) FROM event")[0][0]
        once = [_made(world, deliveries, one, nonce) for one in mails]
        again = data.draw(st.permutations(once + once))
        cut = data.draw(st.integers(0, len(again)))

        arrive(*again[:cut])
        arrive(*again[cut:])

        told = {(place, kind, number) for place, kind, number in mails if kind != "reply"}
        assert world.ask("SELECT count(*) FROM event")[0][0] - before == len(told)

    check()


def _made(world: World, deliveries: list[int], one: tuple[int, str, int], nonce: int) -> Arrived:
    place, kind, number = one
    message_id = f"<{nonce}.{place}.{kind}.{number}@mx.example>"
    raw = report(f"p{place}@example.jp", action=kind, message_id=message_id)
    if kind == "reply":
        raw = f"Message-ID: {message_id}\r\n".encode() + REPLY
    return mail(raw, path(world, deliveries[place]))
