"""What happens to workers: they die, stand still, wake up."""

from __future__ import annotations

from tests.deliveries.machine import keeping
from tests.deliveries.machine.hand import Hand
from tests.deliveries.machine.look import LEASED
from tests.deliveries.machine.play import Act, Chance, Play
from tests.deliveries.machine.working import owner, record


def kill(play: Play, chance: Chance) -> None:
    """Kill -9: a worker's memory is gone, its lease is not."""
    play.scene.faults = True
    play.hands.remove(chance.pick(play.hands))


def die_recording(play: Play, chance: Chance) -> None:
    """Kill -9 right after the first transaction of a record."""
    play.scene.faults = True
    hand = chance.pick([hand for hand in play.hands if hand.held.results])
    play.hands.remove(hand)
    play.dying(1, lambda: hand.record(chance.few))
    play.judge(owner(hand))


def pause(play: Play, chance: Chance) -> None:
    """A lease runs out; its owner, if it lives, is late from then on."""
    _expire(play, chance.pick(_leased(play)))


def oversleep(play: Play, chance: Chance) -> None:
    """A worker stands still with answers in its hands until its chunk has been taken from it."""
    _expire(play, chance.pick([hand for hand in play.hands if hand.held.results]).held.id)
    keeping.reap(play, chance)


def wake(play: Play, chance: Chance) -> None:
    """A worker that overslept records what it had in hand."""
    record(play, chance.pick(_overslept(play)), chance.few)


def _overslept(play: Play) -> list[Hand]:
    return [hand for hand in play.hands if hand.late and hand.held.results]


def _expire(play: Play, chunk: int) -> None:
    play.scene.faults = True
    play.stage.expire(chunk)
    for hand in play.hands:
        hand.late |= hand.held.id == chunk
    play.judge()


def _leased(play: Play) -> list[int]:
    return [chunk.id for chunk in play.now.chunks.values() if chunk.state == LEASED]


MISHAPS: tuple[Act, ...] = (
    (lambda play: play.plan.faults and _leased(play), pause),
    (lambda play: play.plan.faults and any(h.held.results for h in play.hands), oversleep),
    (_overslept, wake),
    (lambda play: play.plan.faults and play.hands, kill),
    (lambda play: play.plan.faults and any(h.held.results for h in play.hands), die_recording),
)
