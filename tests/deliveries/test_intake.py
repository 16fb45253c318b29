"""Events that arrive while others are folded."""

from __future__ import annotations

import asyncio

import pytest

from denrei.accounts import tenancy
from denrei.deliveries import fold
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.fold import Event, Source
from denrei.domain import folding
from denrei.domain.failures import Reason
from denrei.domain.folding import MailRank
from denrei.domain.states import Evidence, Medium, State
from tests.deliveries.world import World, settings_conninfo, workers

pytestmark = pytest.mark.usefixtures("committed")

SEEN = folding.human(Evidence.READ)


@pytest.fixture
def sent(world: World) -> int:
    """Return a delivery that was handed over."""
    world.lane()
    world.people(1)
    broadcast = world.launch().broadcast_id
    with workers():
        world.finished(broadcast)
    return int(world.ask("SELECT id FROM delivery")[0][0])


def bounce(delivery: int, reason: Reason = Reason.UNKNOWN_USER) -> Event:
    """Return a bounce of a delivery."""
    return Event(
        source=Source.BOUNCE,
        key=f"bounce {delivery} {reason}".encode(),
        delivery=delivery,
        fold=folding.event(Medium.MAIL, MailRank.BOUNCED),
        reason=reason,
    )


def tell(world: World, *events: Event) -> None:
    """Take events in."""
    with tenancy.acting_for(world.organization.id):
        fold.take_in(world.organization.id, events)


async def fold_all() -> int:
    """Fold whatever there is."""
    async with LedgerConnection(settings_conninfo()) as ledger:
        return sum((await fold.fold_all(ledger)).values())


def test_an_event_that_commits_during_a_fold_is_folded_by_the_next(world: World, sent: int) -> None:
    tell(world, Event(source=Source.ANSWER, key=b"seen", delivery=sent, fold=SEEN))
    with tenancy.acting_for(world.organization.id):
        fold.take_in(world.organization.id, [bounce(sent)])
        assert asyncio.run(fold_all()) == 1  # the bounce has not committed yet

    assert asyncio.run(fold_all()) == 1
    assert world.ask("SELECT state FROM delivery") == [(State.BOUNCED,)]


def test_nothing_is_looked_for_where_all_is_folded(world: World, sent: int) -> None:
    tell(world, bounce(sent))

    assert [asyncio.run(fold_all()) for _ in range(2)] == [1, 0]
    assert world.ask("SELECT count(*) FROM fold_due") == [(0,)]


def test_two_bounces_leave_one_reason_whatever_came_first(world: World, sent: int) -> None:
    reasons = (Reason.MAILBOX_FULL, Reason.UNKNOWN_USER, Reason.OTHER)
    for reason in reasons:
        tell(world, bounce(sent, reason))
        asyncio.run(fold_all())

    assert world.ask("SELECT reason FROM delivery") == [(Reason.UNKNOWN_USER,)]


def test_what_a_person_did_leaves_the_reason_alone(world: World, sent: int) -> None:
    tell(world, bounce(sent))
    asyncio.run(fold_all())
    tell(world, Event(source=Source.ANSWER, key=b"seen", delivery=sent, fold=SEEN))
    asyncio.run(fold_all())

    assert world.ask("SELECT state, reason, evidence FROM delivery") == [
        (State.BOUNCED, Reason.UNKNOWN_USER, Evidence.READ)
    ]


def test_what_waits_does_not_keep_back_what_is_behind_it(world: World, sent: int) -> None:
    many = [  # of a delivery that is not there yet, and more than are looked at at once
        Event(source=Source.RECEIPT, key=b"%d" % n, delivery=sent - 1, fold=SEEN)
        for n in range(5_001)
    ]
    tell(world, *many)
    tell(world, bounce(sent), bounce(sent + 2))

    assert [asyncio.run(fold_all()) for _ in range(2)] == [1, 0]
    assert world.ask("SELECT state FROM delivery") == [(State.BOUNCED,)]
    assert world.ask("SELECT count(*) FROM event_open") == [(5_002,)]


@pytest.mark.parametrize(
    ("seen", "after", "last", "expected"),
    [(0, 0, None, None), (4_999, 0, 7, None), (5_000, 0, 7, 7), (5_000, 7, 7, 8)],
    ids=["nothing", "the rest", "a whole batch", "a batch of one delivery"],
)
def test_a_fold_goes_on_behind_what_it_saw(
    seen: int, after: int, last: int, expected: int | None
) -> None:
    assert expected == fold.following(seen, after, last)
