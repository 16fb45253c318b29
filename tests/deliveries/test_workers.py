"""Workers that are killed, frozen, cut off, closed, or stand before a closed door."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from denrei.deliveries import cancel
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.project.demo.rules import Rule
from tests.deliveries import worker_process
from tests.deliveries.mailservers import MailServers
from tests.deliveries.server import blocked, end_backends
from tests.deliveries.world import World, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("ALL-1", "ALL-2")]

WINDOW = 40
CONNECTIONS = 4
_SLOW = Rule(match="*", seconds=0.01)


@pytest.fixture
def servers(tmp_path: Path) -> MailServers:
    """Return mail servers of the test's own; they don't listen yet."""
    return MailServers(tmp_path / "mail.log")


def _mail_lane(world: World, servers: MailServers, people: int, **changes: Any) -> None:
    """Give the world people and a lane to the servers, small enough to be broken in the middle."""
    lane = {"chunk_size": 100, "window": WINDOW, "lease_seconds": 1.0} | changes
    world.lane(channel=servers.gateway(CONNECTIONS), **lane)
    world.people(people)


def _judge(world: World, servers: MailServers, people: int) -> int:
    """Check that nobody was lost and that copies are marked and alike; return their number."""
    messages = servers.messages()
    doubted = {address for (address,) in world.ask("SELECT address FROM delivery WHERE doubts > 0")}
    twice = {address for address, ids in messages.items() if len(ids) > 1}
    assert people == len(messages)
    assert twice <= doubted
    assert {1} == {len(set(ids)) for ids in messages.values()}
    return sum(len(ids) - 1 for ids in messages.values())


def test_when_a_worker_is_killed_nobody_is_lost_and_copies_are_bounded_and_marked(
    world: World, servers: MailServers
) -> None:
    _mail_lane(world, servers, 400)
    launched = world.launch()

    with servers.listening([_SLOW]):
        with worker_process.running("doomed", 900) as process:
            wait_for(lambda: servers.received() > 100)
            process.kill()
        with workers(1):
            world.finished(launched.broadcast_id)

    ((doubted,),) = world.ask("SELECT count(*) FROM delivery WHERE doubts > 0")
    assert _judge(world, servers, 400) <= WINDOW
    assert 0 < doubted <= 2 * WINDOW  # of each chunk that it had opened
    assert world.states(launched.broadcast_id) == {(State.ACCEPTED, Reason.NONE): 400}


def test_a_worker_that_froze_beyond_its_lease_sends_nothing_when_it_wakes(
    world: World, servers: MailServers
) -> None:
    _mail_lane(world, servers, 400)
    launched = world.launch()

    with servers.listening([_SLOW]), worker_process.running("frozen", 902) as process:
        wait_for(lambda: servers.received() > 100)
        process.send_signal(signal.SIGSTOP)
        with workers(1):
            world.finished(launched.broadcast_id)
        received = servers.received()
        process.send_signal(signal.SIGCONT)
        again = world.launch()  # the one that woke is the only worker now
        world.finished(again.broadcast_id)
        process.terminate()
        ended = process.wait(timeout=10)
    late = servers.received() - 400 - received

    assert ended == 0
    assert late <= CONNECTIONS  # stopped between the check of the deadline and write(2)
    assert world.states(launched.broadcast_id) == {(State.ACCEPTED, Reason.NONE): 400}
    assert [(0,)] == world.ask("SELECT count(*) FROM chunk WHERE state < 2")


def test_when_the_database_cuts_every_connection_it_goes_on_and_nothing_is_sent_twice(
    world: World, servers: MailServers
) -> None:
    _mail_lane(world, servers, 500, lease_seconds=3.0)
    launched = world.launch()

    with servers.listening([_SLOW]), workers(2):
        for received in (50, 100, 150, 200):
            wait_for(lambda received=received: servers.received() > received)  # type: ignore[misc]
            # what was released goes on while they come back: none may be there at this moment
            wait_for(lambda: end_backends("application_name LIKE 'worker-%'") > 0)
        world.finished(launched.broadcast_id)

    assert _judge(world, servers, 500) == 0
    assert world.ask("SELECT count(*) FROM delivery WHERE doubts > 0") == [(0,)]


def test_a_worker_that_is_closed_leaves_no_lease_and_nothing_in_doubt(world: World) -> None:
    world.lane(chunk_size=20, delay=0.02, lines=5)
    world.people(200)
    launched = world.launch()

    looks = []
    for step in range(1, 6):
        with workers(1):
            world.until(
                launched.broadcast_id,
                lambda look, step=step: look.deliveries.handed_over >= 20 * step,  # type: ignore[misc]
            )
        looks.append(world.conserved(launched.broadcast_id))
        leased = world.ask("SELECT count(*) FROM chunk WHERE state = 1")
        assert leased == [(0,)]
    with workers(1):
        world.finished(launched.broadcast_id)

    assert [0] * 5 == [look.deliveries.in_work for look in looks]
    assert [(200, 200, 0)] == world.ask(
        "SELECT count(*), count(DISTINCT delivery_id), (SELECT sum(doubts) FROM delivery)::int FROM attempt"
    )


@pytest.mark.spec("EMC-4")
def test_a_caller_that_is_closed_leaves_its_numbers_free(world: World) -> None:
    world.lane(Medium.PHONE, sequential=True, chunk_size=1, delay=0.05, lines=3)
    world.people(30, Medium.PHONE)
    launched = world.launch()

    with workers(1):
        world.until(launched.broadcast_id, lambda look: look.deliveries.delivered >= 5)
    with workers(1):
        look = world.finished(launched.broadcast_id)

    assert look.deliveries.delivered == 30
    assert world.ask("SELECT count(*) FROM delivery WHERE reason <> 0") == [(0,)]


@pytest.mark.spec("OPS-5")
def test_a_gateway_that_is_down_costs_nothing_but_time_and_says_so(
    world: World, servers: MailServers
) -> None:
    _mail_lane(world, servers, 50)
    launched = world.launch()

    with workers(1):
        wait_for(lambda: "接続できません" in _trouble(world))
        down = world.conserved(launched.broadcast_id)
        with servers.listening():
            world.finished(launched.broadcast_id)
            wait_for(lambda: not _trouble(world))

    assert (50, 0) == (
        down.deliveries.in_work + down.deliveries.waiting,
        down.deliveries.total - 50,
    )
    assert _judge(world, servers, 50) == 0
    assert [(1, 0, 0)] == world.ask("SELECT DISTINCT tries, misses, doubts FROM delivery")


def _trouble(world: World) -> str:
    return str(world.ask("SELECT string_agg(trouble, '') FROM gateway")[0][0])


@pytest.mark.spec("EMC-5")
def test_a_stop_is_obeyed_while_the_gateway_is_down(world: World, servers: MailServers) -> None:
    _mail_lane(world, servers, 250)
    launched = world.launch()

    with workers(1):
        wait_for(lambda: bool(_trouble(world)))
        cancel.stop(world.organization.id, launched.broadcast_id)
        world.finished(launched.broadcast_id)

    assert world.states(launched.broadcast_id) == {(State.CANCELLED, Reason.STOPPED): 250}
    assert world.ask("SELECT * FROM attempt") == []


@pytest.mark.spec("OPS-5")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param("kind = 'pigeon'", "pigeon", id="unknown kind"),
        pytest.param("""settings = '{"wings": 2}'""", "wings", id="unknown setting"),
        pytest.param("""settings = '{"rules": {"a": ["FLY"]}}'""", "FLY", id="nonsense"),
    ],
)
def test_a_gateway_that_can_not_be_used_stops_no_other_lane(
    world: World, change: str, named: str
) -> None:
    world.lane(Medium.MAIL)
    world.lane(Medium.SMS)
    world.people(5, Medium.MAIL)
    world.people(5, Medium.SMS)
    world.change(f"UPDATE gateway SET {change} WHERE lane_id = %s", world.lanes[Medium.SMS].pk)
    launched = world.launch()

    with workers(1):
        look = world.until(launched.broadcast_id, lambda look: look.deliveries.handed_over == 5)
        wait_for(lambda: named in _trouble(world))

    assert (5, 5) == (look.deliveries.handed_over, look.deliveries.waiting)


@pytest.mark.parametrize("medium", [Medium.MAIL, Medium.PHONE], ids=lambda medium: medium.name)
def test_what_follows_from_a_record_is_not_lost_when_the_worker_dies_recording(
    world: World, medium: Medium
) -> None:
    world.lane(
        medium,
        sequential=medium is Medium.PHONE,
        chunk_size=1,
        rounds=1,
        turn_gap_seconds=0,
        retry_seconds=[0],
        lease_seconds=1.0,
        rules={"slot 1": ["UNKNOWN_USER"]},
    )
    world.people(1, medium, "slot {1}", slots=2)
    launched = world.launch()
    world.slices(launched.broadcast_id)

    with worker_process.running("doomed", 904) as process, world.acting() as blocker:
        # The record is with the database, which carries it out although its worker is dead.
        blocker.execute("SELECT FROM delivery WHERE address = 'slot 1' FOR UPDATE")
        wait_for(blocked)
        process.kill()
        process.wait()
    with workers(1):
        world.finished(launched.broadcast_id)

    assert [(State.ACCEPTED if medium is Medium.MAIL else State.DELIVERED,)] == world.ask(
        "SELECT state FROM delivery WHERE address = 'slot 2'"
    )
    assert [("slot 1", True)] == world.ask("SELECT address_key, until > now() FROM suppression")
