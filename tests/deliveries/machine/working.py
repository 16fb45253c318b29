"""What a worker does with its chunks, one transaction or one message at a time."""

from __future__ import annotations

from denrei.deliveries.connection import clock
from denrei.deliveries.dispatch.held import Held
from denrei.deliveries.dispatch.numbers import Numbers
from tests.deliveries.machine import laws, wire
from tests.deliveries.machine.frame import Deed, Who
from tests.deliveries.machine.hand import Hand
from tests.deliveries.machine.look import READY
from tests.deliveries.machine.play import Act, Chance, Play
from tests.deliveries.machine.wire import Handed, Outcome

_WORST = 9


def claim(play: Play, chance: Chance) -> None:
    """Lease a chunk of a lane that has one."""
    lanes = [chunk.lane for chunk in play.now.chunks.values() if chunk.state == READY]
    claim_in(play, chance.pick(lanes))


def claim_in(play: Play, lane: int) -> Hand | None:
    """Lease a chunk of this lane."""
    settings, began = play.lanes[lane], clock()
    asked = {"worker": "by hand", "lease": settings.lease, "lane": lane, "worst": _WORST}
    rows = play.stage.run("claim", asked)
    play.judge()
    if not rows:
        return None
    organization, chunk, broadcast, wave, generation, priority = rows[0]
    held = Held(organization, chunk, broadcast, wave, generation, priority, began)
    hand = Hand(play.stage, settings, held, Numbers(play.stage.ledger))
    play.hands.append(hand)
    return hand


def load(play: Play, hand: Hand) -> None:
    """Read the rows of a chunk that was claimed."""
    hand.load(play.now.known_accepted())
    play.judge()


def let_out(play: Play, hand: Hand, rows: int) -> None:
    """Promise, then let the next rows through the gate."""
    if not hand.held.opened:
        hand.open()
        play.judge()
    if not hand.held.dropped:
        hand.gate(rows)
        play.judge()


def hand_over(play: Play, hand: Hand, outcome: Outcome) -> None:
    """Put the next row on the wire."""
    if not play.plan.faults and outcome not in wire.WELL:
        outcome = Outcome.ACCEPTED
    row = hand.hand_over(outcome)
    if row is None:
        return
    play.broken = True
    generation = hand.held.generation
    laws.before_the_wire(play.now, row.id, generation, hand.known)
    play.scene.wire.handed.append(Handed(row.id, generation, outcome))
    play.scene.faults |= outcome in wire.IN_DOUBT
    play.judge()


def record(play: Play, hand: Hand, results: int) -> None:
    """Record some results; of a chunk that was lost, too."""
    hand.record(results)
    play.judge(owner(hand))
    let_go(play, hand)


def owner(hand: Hand) -> Deed:
    """Return what the owner of this chunk may do."""
    return Deed(Who.OWNER, hand.held.id, hand.held.generation)


def let_go(play: Play, hand: Hand) -> None:
    """Forget a chunk of which nothing is left to do."""
    if hand.done and hand in play.hands:
        play.hands.remove(hand)


def go_on(play: Play, chance: Chance) -> None:
    """Do the next things with one chunk; what is to be recorded may wait."""
    hand = chance.pick(play.hands)
    for _ in range(2 * chance.few):
        if hand in play.hands:
            _next(play, hand, chance)


def _next(play: Play, hand: Hand, chance: Chance) -> None:
    lazy = chance.which % 2 and not hand.late
    if not hand.loaded:
        load(play, hand)
    elif hand.held.results and not lazy:
        record(play, hand, chance.few)
    elif hand.passed:
        hand_over(play, hand, chance.outcome)
    elif hand.held.rows and hand.room > 0:
        let_out(play, hand, chance.few)
    else:
        let_go(play, hand)


def record_again(play: Play, chance: Chance) -> None:
    """Record a batch a second time, as after a cut: nothing changes."""
    chance.pick([hand for hand in play.hands if hand.recorded]).record_again()
    play.judge()


def renew(play: Play, chance: Chance) -> None:
    """Renew a lease, or find it lost."""
    hand = chance.pick(play.hands)
    hand.renew()
    play.judge()
    let_go(play, hand)


def give_back(play: Play, chance: Chance) -> None:
    """End in order and leave no lease behind."""
    hand = chance.pick([hand for hand in play.hands if not hand.unrecorded])
    play.hands.remove(hand)
    hand.give_back()
    play.judge()


def play_out(play: Play, hand: Hand) -> None:
    """Bring a chunk to its end without further faults."""
    if not hand.loaded:
        load(play, hand)
    if hand.late:
        hand.renew()
    while not hand.done:
        if hand.held.rows and hand.room > 0:
            let_out(play, hand, 3)
        while hand.passed:
            hand_over(play, hand, Outcome.ACCEPTED)
        if hand.held.results:
            record(play, hand, 3)
    let_go(play, hand)


WORK: tuple[Act, ...] = (
    (lambda play: play.hands, go_on),
    (lambda play: play.hands, go_on),
    (lambda play: any(c.state == READY for c in play.now.chunks.values()), claim),
)
MEANWHILE: tuple[Act, ...] = (
    (lambda play: any(hand.recorded for hand in play.hands), record_again),
    (lambda play: play.hands, renew),
    (lambda play: any(not hand.unrecorded for hand in play.hands), give_back),
)
