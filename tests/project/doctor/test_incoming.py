"""What the doctor says of bounces and replies."""

from __future__ import annotations

import socket

import pytest

from denrei.channels.smtp import Smtp
from denrei.deliveries.registering import register
from denrei.outcomes import keeping, reading
from denrei.outcomes.keeping import Arrived
from denrei.outcomes.models import Way
from denrei.project.doctor import incoming
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.finding import State
from tests.deliveries.world import SAFE, World
from tests.outcomes.room import post_room
from tests.web.console.received.conftest import mailbox

pytestmark = pytest.mark.usefixtures("committed")


def states(connection: Connection, *listening: tuple[str, str, int]) -> list[State]:
    return [finding.state for finding in incoming.examine(connection, listening)]


def test_who_sends_mail_and_hears_of_no_bounce_is_warned(connection: Connection) -> None:
    world = World.create()
    before = states(connection)
    register(world.organization, Smtp(host="127.0.0.1", sender_address="a@b.example"), SAFE)

    assert (before, states(connection)) == ([], [State.WARNING])


def test_mailboxes_tell_their_trouble(connection: Connection) -> None:
    world = World.create()
    for name, changes in {
        "fine": {},
        "broken": {"trouble": "NO"},
        "forgotten": {"fetched_at": "2026-01-01T00:00:00Z"},
    }.items():
        mailbox(world.organization, name=name, **changes)

    assert states(connection) == [State.FAULT, State.OK, State.FAULT]


def test_the_receiver_is_asked_whether_it_answers(connection: Connection) -> None:
    with post_room(Way.LMTP) as (port,):
        running = states(connection, ("lmtp", "127.0.0.1", port))
    stopped = states(connection, ("lmtp", "127.0.0.1", port))
    with socket.create_server(("127.0.0.1", 0)) as other:
        stranger = states(connection, ("lmtp", "0.0.0.0", other.getsockname()[1]))

    assert (running, stopped, stranger) == ([State.OK], [State.FAULT], [State.FAULT])


def test_what_nobody_read_and_what_is_nobody_s_is_counted(connection: Connection) -> None:
    keeping.keep([Arrived(way=Way.LMTP, raw=b"x", size=1, envelope_to="a@b.example")])
    fresh = states(connection)
    reading.read_some()

    assert (fresh, states(connection)) == ([], [State.OK])
