"""Real bounces: postfix can't hand a mail on, tells our receiver so, and everything shows it (EMC-6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from denrei.accounts import tenancy
from denrei.channels.smtp import Smtp
from denrei.deliveries.fold import Source
from denrei.deliveries.models import Attention, Lane
from denrei.deliveries.registering import register
from denrei.domain.bounces import Kind
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, status_of
from denrei.outcomes.models import FoundBy, ReceivedMail, Way
from denrei.project.demo.rules import BY_SUFFIX
from denrei.reports import story
from denrei.reports.board import board
from denrei.reports.story.entries import Reported
from tests.deliveries.world import SAFE, World, wait_for, workers
from tests.outcomes.room import DOMAIN, post_room
from tests.peers import postfix
from tests.peers.receiving import receiving

pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.peers,
    pytest.mark.skipif(bool(postfix.why_not()), reason=postfix.why_not()),
]

UNKNOWN = "a+gmail-unknown@gmail.com"
FULL = "a+docomo-full@docomo.ne.jp"
POLICY = "a+gmail-policy@gmail.com"
FINE = "plain@example.jp"


@contextmanager
def relayed(world: World, log: Path, way: Way, *settings: str) -> Iterator[None]:
    """Send by a postfix whose next servers refuse by address, and whose bounces come to us."""
    with post_room(way) as (port,), receiving(log, BY_SUFFIX) as world_outside:
        back = f"transport_maps = inline:{{ {{ {DOMAIN} = {way}:[127.0.0.1]:{port} }} }}"
        with postfix.relay(world_outside, back, *settings) as relay:
            channel = Smtp(
                host="127.0.0.1",
                port=relay,
                security="none",
                sender_address="bousai@city.example",
                return_path_domain=DOMAIN,
            )
            gateway = register(world.organization, channel, SAFE)
            with tenancy.acting_for(world.organization.id):
                world.lanes[Medium.MAIL] = Lane.objects.get(pk=gateway.lane_id)
            yield


def statuses(world: World, broadcast: int) -> dict[str, Status]:
    rows = world.ask(
        "SELECT address, state, reason, tries FROM delivery WHERE broadcast_id = %s", broadcast
    )
    return {
        address: status_of(
            Position(state=State(state), medium=Medium.MAIL, reason=Reason(reason), tries=tries)
        )
        for address, state, reason, tries in rows
    }


def mails(world: World) -> list[ReceivedMail]:
    with tenancy.acting_for(world.organization.id):
        return list(ReceivedMail.objects.order_by("id"))


@pytest.mark.spec("EMC-1", "EMC-6", "EMC-7", "ALL-3", "MSG-7")
@pytest.mark.parametrize("way", [Way.LMTP, Way.SMTP])
def test_what_a_relay_could_not_hand_on_is_known_everywhere(tmp_path: Path, way: Way) -> None:
    world = World.create()
    for address in (UNKNOWN, FULL, POLICY, FINE):
        world.people(1, address=address)
    with relayed(world, tmp_path / "mail.jsonl", way), workers():
        first = world.launch().broadcast_id
        world.finished(first, seconds=60)
        wait_for(lambda: len(world.ask("SELECT FROM delivery WHERE state = 3")) == 3, seconds=60)
        second = world.launch().broadcast_id
        world.finished(second, seconds=60)

    assert statuses(world, first) == {
        UNKNOWN: Status.ADDRESS_ERROR,
        FULL: Status.OTHER_ERROR,
        POLICY: Status.OTHER_ERROR,
        FINE: Status.DONE,
    }
    assert {
        address for address, status in statuses(world, second).items() if status is Status.KNOWN_BAD
    } == {UNKNOWN}
    assert board(world.organization.id, first).alarms == {Reason.POLICY: 1}
    known = [mail for mail in mails(world) if mail.broadcast_id == first]
    assert [(mail.kind, mail.found_by, mail.way, mail.waits) for mail in known] == [
        (Kind.FAILED, FoundBy.TOKEN, way, False)
    ] * 3
    with tenancy.acting_for(world.organization.id):
        (case,) = Attention.objects.open()
    assert case.told_status is Status.KNOWN_BAD
    assert _told(world, first) == [(Source.BOUNCE, Status.ADDRESS_ERROR)]


def _told(world: World, broadcast: int) -> list[tuple[int, Status | None]]:
    ((person,),) = world.ask(
        "SELECT recipient_id FROM delivery WHERE broadcast_id = %s AND address = %s",
        broadcast,
        UNKNOWN,
    )
    told = story.story(world.organization.id, broadcast, person)
    return [(one.source, one.status) for one in told.entries if isinstance(one, Reported)]


@pytest.mark.spec("EMC-6", "ALL-1")
def test_a_notice_of_delay_ends_nothing(tmp_path: Path) -> None:
    world = World.create()
    world.people(1, address="slow@example.jp")
    with (
        relayed(
            world,
            tmp_path / "mail.jsonl",
            Way.LMTP,
            "delay_warning_time = 1s",
            "minimal_backoff_time = 2s",
            "queue_run_delay = 1s",
            "default_transport = smtp:[127.0.0.1]:9",
        ),
        workers(),
    ):
        broadcast = world.launch().broadcast_id
        world.finished(broadcast, seconds=60)
        wait_for(lambda: bool(mails(world)), seconds=60)

    assert [(mail.kind, mail.waits) for mail in mails(world)] == [(Kind.DELAYED, False)]
    assert statuses(world, broadcast) == {"slow@example.jp": Status.DONE}
