"""Events into states."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import folding
from denrei.domain.folding import MEANINGS, AppRank, Fold, Folded, MailRank, PhoneRank, SmsRank
from denrei.domain.states import HUMAN, Evidence, Medium, State

RANKS: dict[Medium, list[int]] = {
    Medium.MAIL: list(MailRank),
    Medium.SMS: list(SmsRank),
    Medium.PHONE: list(PhoneRank),
    Medium.APP: list(AppRank),
}


@st.composite
def histories(draw: st.DrawFn) -> tuple[Folded, list[Fold]]:
    """Return a delivery of one medium and events that may come for it."""
    medium = draw(st.sampled_from(Medium))
    first = folding.event(medium, draw(st.sampled_from(RANKS[medium])))
    state = draw(st.sampled_from([first.state, *folding.OURS]))
    anything = st.sampled_from([folding.UNCHANGED, *RANKS[medium]]).map(
        lambda rank: folding.event(medium, rank)
    )
    humans = st.sampled_from([Evidence.READ, Evidence.ANSWERED]).map(folding.human)
    events = draw(st.lists(anything | humans, max_size=8))
    current = Folded(
        rank=first.rank, state=state, evidence=first.evidence, settled=draw(st.booleans())
    )
    return current, events


@given(histories(), st.randoms(use_true_random=False), st.integers(0, 8))
def test_order_repetition_and_slices_do_not_matter(
    history: tuple[Folded, list[Fold]], random: Random, cut: int
) -> None:
    current, events = history
    shuffled = [*events, *events[:cut]]
    random.shuffle(shuffled)
    at_once = folding.fold(current, events)

    assert at_once == folding.fold(current, shuffled)
    assert at_once == folding.fold(folding.fold(current, shuffled[:cut]), shuffled[cut:])
    assert at_once == folding.fold(at_once, events)


@given(histories())
def test_a_rank_never_falls_and_what_must_stay_stays(history: tuple[Folded, list[Fold]]) -> None:
    current, events = history
    folded = folding.fold(current, events)

    assert folded.rank >= current.rank
    if current.settled or current.state in folding.OURS:
        assert current.state == folded.state
        assert folded.evidence >= current.evidence


@pytest.mark.spec("NEW-2")
@given(histories())
def test_a_humans_evidence_is_never_taken_away(history: tuple[Folded, list[Fold]]) -> None:
    current, events = history
    best = max((e.evidence for e in events if e.evidence >= HUMAN), default=None)
    if best is not None:
        assert best == folding.fold(current, events).evidence


@pytest.mark.spec("NEW-2", "SMS-6", "SMS-9", "OPS-7")
@pytest.mark.parametrize(
    ("medium", "ranks", "state", "evidence"),
    [
        (Medium.MAIL, [10], State.ACCEPTED, Evidence.HANDED_OVER),
        (Medium.MAIL, [10, 0, 15], State.DELIVERED, Evidence.HANDED_OVER),
        (Medium.MAIL, [10, 15, 40], State.BOUNCED, Evidence.NONE),
        (Medium.MAIL, [5, 40], State.BOUNCED, Evidence.NONE),
        (Medium.SMS, [10, 40], State.DELIVERED, Evidence.DEVICE),
        (Medium.SMS, [10, 35], State.DELIVERED, Evidence.HANDED_OVER),
        (Medium.SMS, [10, 30, 40], State.DELIVERED, Evidence.DEVICE),
        (Medium.SMS, [10, 20], State.UNKNOWN, Evidence.NONE),
        (Medium.PHONE, [10], State.ACCEPTED, Evidence.HANDED_OVER),
        (Medium.PHONE, [10, 40], State.DELIVERED, Evidence.HANDED_OVER),
        (Medium.APP, [10, 30], State.FAILED, Evidence.NONE),
        (Medium.APP, [10, 40], State.DELIVERED, Evidence.DEVICE),
    ],
)
def test_the_highest_rank_gives_state_and_evidence(
    medium: Medium, ranks: list[int], state: State, evidence: Evidence
) -> None:
    first, *later = [folding.event(medium, rank) for rank in ranks]
    current = Folded(rank=first.rank, state=first.state, evidence=first.evidence)

    folded = Folded(rank=max(ranks), state=state, evidence=evidence)

    assert folded == folding.fold(current, later)


@pytest.mark.spec("SMS-9")
@pytest.mark.parametrize("told", [SmsRank.FAILED, SmsRank.UNKNOWN])
def test_a_late_receipt_raises_the_evidence_and_not_the_status(told: SmsRank) -> None:
    final = folding.event(Medium.SMS, told)
    current = Folded(rank=final.rank, state=final.state, evidence=final.evidence, settled=True)
    late = folding.fold(current, [folding.event(Medium.SMS, SmsRank.DELIVERED)])

    assert (final.state, Evidence.DEVICE) == (late.state, late.evidence)


@pytest.mark.spec("NEW-2")
def test_a_bounce_after_an_answer_shows_and_the_answer_stays() -> None:
    current = Folded(rank=10, state=State.ACCEPTED, evidence=Evidence.HANDED_OVER)
    folded = folding.fold(
        current,
        [folding.human(Evidence.ANSWERED), folding.event(Medium.MAIL, MailRank.BOUNCED)],
    )

    assert folded.state is State.BOUNCED
    assert folded.evidence is Evidence.ANSWERED


def test_every_rank_of_a_medium_has_one_meaning_below_a_humans_evidence() -> None:
    assert {medium: sorted(ranks) for medium, ranks in RANKS.items()} == {
        medium: sorted(meanings) for medium, meanings in MEANINGS.items()
    }
    assert all(
        meaning.evidence < HUMAN and rank > folding.UNCHANGED
        for meanings in MEANINGS.values()
        for rank, meaning in meanings.items()
    )


@pytest.mark.parametrize("evidence", [Evidence.NONE, Evidence.HANDED_OVER, Evidence.DEVICE])
def test_a_machines_evidence_is_no_humans(evidence: Evidence) -> None:
    with pytest.raises(ValueError, match="not a human's"):
        folding.human(evidence)
