"""What comes from outside: answers, receipts, bounces, operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from denrei.accounts import tenancy
from denrei.deliveries import fold, release
from denrei.deliveries.fold import Event, Source
from denrei.domain import folding
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium, State
from tests.deliveries.machine import keeping, wire
from tests.deliveries.machine.frame import Deed, Who
from tests.deliveries.machine.look import DeliveryRow
from tests.deliveries.machine.play import Act, Chance, Play
from tests.deliveries.machine.wire import Handed, Outcome

_T = TypeVar("_T")
#: What may be told later: anything that has a rank, and a tap on the page.
_TOLD: dict[Medium, tuple[folding.Fold, ...]] = {
    medium: (
        folding.human(Evidence.READ),
        *(folding.event(medium, rank) for rank in folding.MEANINGS[medium]),
    )
    for medium in (Medium.MAIL, Medium.PHONE)
}


_FAILURES = (State.BOUNCED, State.FAILED, State.EXHAUSTED, State.UNKNOWN)
_REASONS = (Reason.OTHER, Reason.UNKNOWN_USER, Reason.MAILBOX_FULL)


def answer(play: Play, chance: Chance) -> None:
    """A person answered by another way."""
    _halt(play, chance.pick(list(play.now.people)), Reason.ANSWERED_ELSEWHERE)


def stop(play: Play, chance: Chance) -> None:
    """The operator stops the wave, or its time is over."""
    _halt(play, -1, chance.pick([Reason.STOPPED, Reason.GIVEN_UP]))


def _halt(play: Play, whom: int, reason: Reason) -> None:
    play.run("halt", people=[whom], reason=int(reason), actor=None)


def tell(play: Play, chance: Chance) -> None:
    """Something is told of a message: early, late, twice, in any order, by either name."""
    handed = chance.pick(_arrived(play))
    row = play.now.deliveries[handed.delivery]
    told = _pick(_TOLD[Medium(row.medium)], chance.which * chance.few)
    reason = _pick(_REASONS, chance.which) if told.state in _FAILURES else Reason.NONE
    by_provider = chance.few == 1 and handed.outcome is Outcome.ACCEPTED
    provider_id = wire.provider_id(row.id, handed.generation) if by_provider else ""
    event = Event(
        source=Source.RECEIPT,
        key=f"{row.id} {told} {reason} {provider_id}".encode(),
        broadcast=play.city.broadcast,
        delivery=None if by_provider else row.id,
        provider_id=provider_id,
        fold=told,
        reason=reason,
    )
    with tenancy.acting_for(play.city.organization):
        fold.take_in(play.city.organization, [event])
    play.scene.told.setdefault(row.id, {})[event.key] = event
    play.judge()
    if chance.few == 2:
        keeping.fold_all(play, chance)


def vouch(play: Play, chance: Chance) -> None:
    """An operator vouches for an address that was left out."""
    row = chance.pick(_left_out(play))
    release.release(play.city.organization, Medium(row.medium), row.address)
    play.judge(Deed(Who.RELEASER))


def _pick(choices: Sequence[_T], n: int) -> _T:
    return choices[n % len(choices)]


def _arrived(play: Play) -> list[Handed]:
    return [handed for handed in play.scene.wire.handed if handed.outcome.value.arrives]


def _few_answered(play: Play) -> bool:
    return len(play.now.halts) * 3 < len(play.now.people)


def _left_out(play: Play) -> list[DeliveryRow]:
    return [row for row in play.now.deliveries.values() if row.state == State.SUPPRESSED]


ACTS: tuple[Act, ...] = (
    (_arrived, tell),
    (_arrived, tell),
    (_few_answered, answer),
    (_left_out, vouch),
    (lambda play: len(play.scene.wire.handed) > 2, stop),
)
