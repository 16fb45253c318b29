"""What must hold after every step (docs/explanation/ledger.md, "What must hold")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from denrei.deliveries.fold import Event
from denrei.domain import conservation, folding
from denrei.domain.states import Grade, Medium, State
from tests.deliveries.machine import frame
from tests.deliveries.machine.look import LEASED, DeliveryRow, Look
from tests.deliveries.machine.scene import Scene, Settled, standing
from tests.deliveries.machine.wire import Outcome

_SENT = (State.ACCEPTED, State.DELIVERED)


def none_is_lost(scene: Scene) -> None:
    """What waits is in a chunk, or due, or its person's next turn, or about to be swept (ALL-1)."""
    now = scene.now
    busy = {_turn(row) for row in now.deliveries.values() if row.active}
    stuck = [
        row
        for row in now.deliveries.values()
        if row.state == State.WAITING and not row.active and _turn(row) not in busy
    ]
    for row in stuck:
        about_to_be_swept = now.unswept & {-1, *now.reached_by(row.id)} and now.halted(row.id)
        assert about_to_be_swept, "nothing leads to its being sent"


def _turn(row: DeliveryRow) -> tuple[int, int]:
    return row.recipient, row.medium


def one_call_at_a_time(scene: Scene) -> None:
    """A person's phones are called one after the other (NEW-11)."""
    calls = Counter(
        row.recipient
        for row in scene.now.deliveries.values()
        if row.active and row.medium == Medium.PHONE
    )
    assert all(count == 1 for count in calls.values()), "several phones of one person at once"


def a_generation_sends_once(scene: Scene) -> None:
    """One (delivery, generation) is at most once on the wire."""
    handed = Counter((h.delivery, h.generation) for h in scene.wire.handed)
    assert all(count == 1 for count in handed.values()), "one generation sent twice"


def duplicates_are_listed(scene: Scene) -> None:
    """Copies beyond the first are bounded by the attempts of unknown fate, and marked (ALL-2)."""
    unknown = Counter(
        delivery
        for delivery, _ in {
            (a.delivery, a.generation) for a in scene.now.attempts if a.kind == 1 or a.phase == 9
        }
    )
    for row in scene.now.deliveries.values():
        copies = scene.wire.copies(row.id)
        assert copies <= 1 + unknown[row.id], "more duplicates than attempts of unknown fate"
        assert copies <= 1 or row.doubts > 0, "a duplicate that is not marked"
    if not scene.faults:
        assert not unknown, "in doubt without a fault"


def ends_are_true(scene: Scene) -> None:
    """An end says what happened on the wire, or what was told; silence is never failure."""
    for delivery, settled in scene.settled.items():
        told = scene.told.get(delivery, {}).values()
        state = settled.folded.state
        if state in {event.fold.state for event in told}:
            continue
        if state in _SENT:
            assert scene.wire.copies(delivery), "said to be sent, and never was on the wire"
        if state == State.FAILED:
            assert scene.wire.heard(delivery, Outcome.PERMANENT), "failed without an answer"


def final_states_stand(scene: Scene) -> None:
    """What is final changes by a higher rank only; nothing takes back what we decided."""
    for row in scene.before.deliveries.values():
        after = scene.now.deliveries[row.id]
        if row.state in folding.OURS:
            released = row.state == State.SUPPRESSED and scene.deed.who is frame.Who.RELEASER
            assert after.state == row.state or released, "our own decision was taken back"
        elif row.state != State.WAITING:
            assert after.state != State.WAITING, "a final state waits again"
            assert after.rank >= row.rank, "a rank fell"
            assert after.state == row.state or after.rank > row.rank, "a state without a rank"


def folding_has_no_order(scene: Scene) -> None:
    """Whatever the order and the batches, the ledger stands where the pure fold does."""
    for delivery, settled in scene.settled.items():
        told = scene.told.get(delivery, {})
        if scene.now.unfolded.isdisjoint(told):
            now = standing(scene.now.deliveries[delivery])
            assert now == _folded(settled, list(told.values())), "folded otherwise"


def _folded(settled: Settled, told: list[Event]) -> Settled:
    folded = folding.fold(settled.folded, [event.fold for event in told])
    reasons = [settled.reason] if folded.rank == settled.folded.rank else []
    if folded.state not in folding.OURS:
        reasons += [event.reason for event in told if event.fold.rank == folded.rank > 0]
    return Settled(folded, min(reasons))


def only_its_own(scene: Scene) -> None:
    """A stop never touches what is in flight; nobody changes what is not his."""
    assert frame.trespasses(scene.before, scene.now, scene.deed) == [], "not his to change"


def equations_hold(scene: Scene) -> None:
    """Both equations hold, and the audit finds nothing (NEW-1)."""
    now = scene.now
    people = conservation.People.counted(
        now.run.people, {Grade(grade): n for grade, n in now.grades.items()}
    )
    in_work = sum(chunk.open for chunk in now.chunks.values() if chunk.state == LEASED)
    deliveries = conservation.Deliveries.counted(
        now.run.planned, {State(state): n for state, n in now.tally.items()}, in_work
    )
    assert people.holds, people.equation()
    assert deliveries.holds, deliveries.equation()
    assert now.differences == [], "counters and ledger differ"


def people_stand_by_their_best(scene: Scene) -> None:
    """A person's grade is the best evidence over all that reaches him."""
    now = scene.now
    best: dict[int, int] = {}
    for row in now.deliveries.values():
        for person in now.reached_by(row.id):
            best[person] = max(best.get(person, 0), row.evidence)
    for somebody in now.people.values():
        if somebody.id <= now.run.cursor:
            grade = best.get(somebody.id, Grade.NO_CONTACT)
            assert somebody.grade == grade, "a grade is not the best"


def an_address_is_sent_once_for_a_household(scene: Scene) -> None:
    """One message for one address, cancelled when all are done whom it reaches (NEW-5)."""
    now = scene.now
    addresses = Counter(
        (now.people[row.recipient].household or -row.recipient, row.medium, row.address)
        for row in now.deliveries.values()
    )
    assert all(count == 1 for count in addresses.values()), "one address twice"
    for row in now.deliveries.values():
        if row.state in (State.CANCELLED, State.EXPIRED):
            assert now.halted(row.id), "cancelled, and somebody of the household is not done"


def nobody_waits_at_the_end(scene: Scene) -> None:
    """A wave ends when nothing waits."""
    if scene.now.run.stage == 2:
        assert not any(row.state == 0 for row in scene.now.deliveries.values()), "ended too early"


LAWS: tuple[Callable[[Scene], None], ...] = (
    only_its_own,
    none_is_lost,
    one_call_at_a_time,
    a_generation_sends_once,
    duplicates_are_listed,
    ends_are_true,
    final_states_stand,
    folding_has_no_order,
    equations_hold,
    people_stand_by_their_best,
    an_address_is_sent_once_for_a_household,
    nobody_waits_at_the_end,
)


def before_the_wire(now: Look, delivery: int, generation: int, known: set[int]) -> None:
    """Ledger before wire: a lease of this generation, and a promise that counts this delivery in."""
    row = now.deliveries[delivery]
    chunk = now.chunks.get(row.chunk or 0)
    assert chunk is not None, "sent from no chunk"
    assert row.state == State.WAITING, "sent though it does not wait"
    assert chunk.state == LEASED, "sent without a lease"
    assert chunk.generation == generation, "sent under another generation"
    place = now.waiting_in(chunk.id).index(delivery) + 1
    assert place <= chunk.in_doubt_max, "sent, and the promise does not count it in"
    assert delivery not in known, "sent again though it was known as taken over"
