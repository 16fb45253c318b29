"""The receiver at the wire: what it takes, what it refuses, and that a 250 means stored."""

from __future__ import annotations

import asyncio
import smtplib
import socket
from collections.abc import Callable, Sequence

import pytest
from django.db import OperationalError
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.channels.smtp import Smtp
from denrei.deliveries import links
from denrei.deliveries.models import Gateway
from denrei.deliveries.registering import register
from denrei.outcomes import doors, keeping
from denrei.outcomes.doors import Doors
from denrei.outcomes.keeping import Arrived
from denrei.outcomes.models import ReceivedMail, Way
from denrei.outcomes.receiver import Handler, Porter, Receiver, Store
from tests.deliveries.world import SAFE, World, wait_for
from tests.outcomes.room import DOMAIN, post_room
from tests.outcomes.test_reading import unclaimed

REPLIES = "bousai@city.example"
Dialogue = Callable[[int], None]


class Shelf:
    """Where mails go in these tests; `away` is the database that is not there."""

    def __init__(self) -> None:
        self.mails: list[Arrived] = []
        self.away = False
        self.doors = Doors(
            domains=frozenset({DOMAIN}), addresses={REPLIES: 7, "shared@city.example": None}
        )

    async def keep(self, mails: Sequence[Arrived]) -> None:
        """Store mails."""
        if self.away:
            raise OperationalError("away")
        self.mails += mails

    async def look(self) -> Doors:
        """Tell the addresses."""
        if self.away:
            raise OperationalError("away")
        return self.doors


async def talk(shelf: Shelf, way: Way, dialogue: Dialogue, **limits: int) -> None:
    """Let a dialogue of smtplib run against a receiver."""
    loop = asyncio.get_running_loop()
    porter = Porter(look=shelf.look, clock=loop.time)
    handler = Handler(way=way, porter=porter, store=Store(shelf.keep))
    async with Receiver(handler, "127.0.0.1", 0, **limits) as receiver:
        await asyncio.to_thread(dialogue, receiver.port)


def client(way: Way, port: int) -> smtplib.SMTP:
    """Connect as a mail server does."""
    kind = smtplib.LMTP if way is Way.LMTP else smtplib.SMTP
    connected = kind("127.0.0.1", port)
    connected.ehlo()
    return connected


def path(organization: int = 3, delivery: int = 5) -> str:
    return f"b+{links.return_token(organization, delivery)}@{DOMAIN}"


WAYS = pytest.mark.parametrize("way", [Way.LMTP, Way.SMTP])


@WAYS
async def test_only_our_addresses_are_taken_and_nothing_is_passed_on(way: Way) -> None:
    shelf, told = Shelf(), dict[str, int]()
    token = links.return_token(3, 5)
    addresses = {
        "a return path": path(),
        "in upper case": path().upper(),
        "in quotes": f'"b+{token}"@{DOMAIN}',
        "a reply address": REPLIES.upper(),
        "postmaster": f"postmaster@{DOMAIN}",
        "at a domain that was ours": f"b+{token}@elsewhere.example",
        "forged": f"b+{token[:-1]}{'1' if token[-1] == '0' else '0'}@{DOMAIN}",
        "no token": f"info@{DOMAIN}",
        "relayed": "anybody@example.jp",
    }

    def dialogue(port: int) -> None:
        with client(way, port) as server:
            for name, address in addresses.items():
                server.mail("")
                told[name] = server.rcpt(address)[0]
                server.rset()

    await talk(shelf, way, dialogue)

    assert told == {name: 250 if number < 6 else 550 for number, name in enumerate(addresses)}


@WAYS
async def test_what_was_answered_with_250_is_stored_as_it_came(way: Way) -> None:
    shelf = Shelf()
    raw = b"Subject: x\r\n\r\n.dot\r\n" + "本文".encode() + b"y" * 20_000 + b"\r\n"

    def dialogue(port: int) -> None:
        with client(way, port) as server:
            server.sendmail("", [path()], raw, mail_options=["BODY=8BITMIME"])
            server.sendmail("who@example.jp", [REPLIES], raw)

    await talk(shelf, way, dialogue)

    first, second = shelf.mails
    assert (first.raw, first.size, first.way) == (raw, len(raw), way)
    assert (first.envelope_from, first.envelope_to, first.came_to_id) == ("", path(), None)
    assert (second.envelope_from, second.came_to_id) == ("who@example.jp", 7)


@WAYS
@pytest.mark.spec("ALL-1")
async def test_while_the_database_is_away_the_peer_is_asked_to_try_again(way: Way) -> None:
    shelf, codes = Shelf(), list[int]()

    def dialogue(port: int) -> None:
        with client(way, port) as server:
            server.mail("")
            server.rcpt(path())
            shelf.away = True
            codes.append(server.data(b"x\r\n")[0])
            shelf.away = False
            server.mail("")
            server.rcpt(path())
            codes.append(server.data(b"x\r\n")[0])

    await talk(shelf, way, dialogue)

    assert (codes, len(shelf.mails)) == ([451, 250], 1)


@WAYS
async def test_addresses_that_were_never_known_are_no_strangers(way: Way) -> None:
    shelf, codes = Shelf(), list[int]()
    shelf.away = True

    def dialogue(port: int) -> None:
        with client(way, port) as server:
            server.mail("")
            codes.append(server.rcpt("anybody@example.jp")[0])

    await talk(shelf, way, dialogue)

    assert codes == [451]


@WAYS
async def test_a_mail_that_is_too_large_is_refused_and_the_next_is_taken(way: Way) -> None:
    shelf, codes = Shelf(), list[int]()

    def dialogue(port: int) -> None:
        with client(way, port) as server:
            for size in (2000, 10):
                server.mail("")
                server.rcpt(path())
                codes.append(server.data(b"line\r\n" * size)[0])

    await talk(shelf, way, dialogue, size=1000)

    assert (codes, len(shelf.mails)) == ([552, 250], 1)


async def test_one_connection_too_many_is_sent_away(caplog: pytest.LogCaptureFixture) -> None:
    shelf, greetings = Shelf(), list[bytes]()

    def dialogue(port: int) -> None:
        first, second = (socket.create_connection(("127.0.0.1", port), 5) for _ in range(2))
        with first, second:
            greetings.extend((first.recv(3), second.recv(3)))
            second.sendall(b"QUIT\r\n")

    await talk(shelf, Way.SMTP, dialogue, most=1)

    assert greetings[:2] == [b"220", b"421"]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.usefixtures("committed")
def test_the_addresses_are_those_of_the_gateways_and_senders() -> None:
    world = World.create(sender_address="city@city.example", reply_to="answers@city.example")
    channel = Smtp(
        host="127.0.0.1", sender_address=REPLIES, return_path_domain="Bounce.City.Example"
    )
    gateway = register(world.organization, channel, SAFE)

    found = doors.now()
    with tenancy.acting_for(world.organization.id):
        Gateway.objects.filter(pk=gateway.pk).update(enabled=False)
    stopped = doors.now()
    with tenancy.acting_for(world.organization.id):
        Gateway.objects.filter(pk=gateway.pk).update(retired_at=timezone.now(), settings={})
    later = doors.now()

    assert found.domains == {DOMAIN}
    assert found.whose("Answers@city.example") == world.organization.id
    assert set(found.addresses) == {REPLIES, "city@city.example", "answers@city.example"}
    assert stopped == found  # what it sent before comes back for days
    assert (later.domains, REPLIES in later.addresses) == (frozenset(), False)


@pytest.mark.usefixtures("committed")
def test_the_same_bytes_from_a_peer_that_did_not_hear_us_are_stored_once() -> None:
    mail = Arrived(way=Way.LMTP, raw=b"x", size=1, envelope_to="a@b.example")

    keeping.keep([mail])
    keeping.keep([mail, mail])

    with post_room():
        wait_for(lambda: unclaimed() == 1)
    assert unclaimed() == 1
    assert ReceivedMail.objects.count() == 0
