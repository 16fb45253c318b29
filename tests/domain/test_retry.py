"""Whether and when a delivery is tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import retry
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.retry import Decision, Doubt, RetryPolicy
from denrei.domain.states import Medium, Phase, State

POLICY = RetryPolicy(delays=(60, 300), by_reason={Reason.MAILBOX_FULL: (1800,)}, jitter=0.5)


def again(delay: int) -> Decision:
    return Decision(state=State.WAITING, delay=delay)


def uncounted(delay: int) -> Decision:
    return Decision(state=State.WAITING, delay=delay, counts=False)


@pytest.mark.parametrize(
    ("reason", "phase", "tries", "decision"),
    [
        (Reason.TEMPORARY, Phase.ANSWERED, 0, again(60)),
        (Reason.TEMPORARY, Phase.ANSWERED, 1, again(300)),
        (Reason.TEMPORARY, Phase.ANSWERED, 2, Decision(state=State.EXHAUSTED)),
        (Reason.MAILBOX_FULL, Phase.ANSWERED, 0, again(1800)),
        (Reason.MAILBOX_FULL, Phase.ANSWERED, 1, Decision(state=State.EXHAUSTED)),
        (Reason.UNKNOWN_USER, Phase.ANSWERED, 0, Decision(state=State.FAILED)),
        (Reason.BAD_ADDRESS, Phase.UNSENT, 0, Decision(state=State.FAILED)),
        (Reason.NONE, Phase.UNSENT, 2, uncounted(0)),
    ],
    ids=[
        "first refusal", "second refusal", "delays used up", "delays of its own reason",
        "its own delays used up", "permanent answer", "permanent before a byte", "withheld",
    ],
)  # fmt: skip
def test_a_refusal_is_tried_again_until_the_delays_are_used_up(
    reason: Reason, phase: Phase, tries: int, decision: Decision
) -> None:
    retryable = CONSEQUENCES[reason].retryable

    assert decision == retry.decide(
        POLICY, reason=reason, retryable=retryable, phase=phase, tries=tries
    )


@pytest.mark.parametrize("reason", sorted(retry.UNCOUNTED))
@pytest.mark.parametrize(("misses", "delay"), [(0, 15), (1, 30), (4, 300), (9_999, 300)])
def test_a_relay_that_is_down_exhausts_nobody(reason: Reason, misses: int, delay: int) -> None:
    decision = retry.decide(
        POLICY, reason=reason, retryable=True, phase=Phase.BEFORE, tries=2, misses=misses
    )

    assert uncounted(delay) == decision


@pytest.mark.spec("ALL-2")
@pytest.mark.parametrize("reason", [Reason.IN_DOUBT, Reason.TIMEOUT, Reason.CONNECTION])
@pytest.mark.parametrize(
    ("doubt", "tries", "decision"),
    [
        (Doubt.RESEND, 0, again(60)),
        (Doubt.RESEND, 2, Decision(state=State.UNKNOWN)),
        (Doubt.LEAVE, 0, Decision(state=State.UNKNOWN)),
    ],
)
def test_what_may_have_arrived_is_sent_again_or_left_but_never_failed(
    reason: Reason, doubt: Doubt, tries: int, decision: Decision
) -> None:
    assert decision == retry.decide(
        POLICY, reason=reason, retryable=True, phase=Phase.IN_DOUBT, tries=tries, doubt=doubt
    )


@pytest.mark.parametrize(("jitter", "delay"), [(0.0, 60), (0.5, 75), (1.0, 90)])
def test_jitter_only_lengthens_a_pause(jitter: float, delay: int) -> None:
    decision = retry.decide(
        POLICY,
        reason=Reason.TEMPORARY,
        retryable=True,
        phase=Phase.ANSWERED,
        tries=0,
        jitter=jitter,
    )

    assert again(delay) == decision


@pytest.mark.spec("SMS-7")
@pytest.mark.parametrize(("tries", "delay"), [(0, 600), (1, 600), (2, 600), (3, None)])
def test_three_resends_ten_minutes_apart(tries: int, delay: int | None) -> None:
    decision = retry.decide(
        retry.evenly(3, 600),
        reason=Reason.OUT_OF_RANGE,
        retryable=True,
        phase=Phase.ANSWERED,
        tries=tries,
        jitter=1.0,
    )

    assert delay == decision.delay
    assert (delay is None) == (decision.state is State.EXHAUSTED)


@pytest.mark.spec("SMS-6")
def test_a_wrong_carrier_is_mended_at_once_and_uses_up_no_resend() -> None:
    decision = retry.decide(
        retry.evenly(0, 600),
        reason=Reason.WRONG_CARRIER,
        retryable=True,
        phase=Phase.ANSWERED,
        tries=0,
    )

    assert uncounted(0) == decision


@given(
    medium=st.sampled_from(Medium),
    reason=st.sampled_from(Reason),
    retryable=st.booleans(),
    phase=st.sampled_from(Phase),
    doubt=st.sampled_from(Doubt),
    tries=st.integers(0, 20),
    jitter=st.floats(0, 1),
)
def test_a_delivery_has_a_delay_exactly_when_it_waits(
    medium: Medium,
    reason: Reason,
    retryable: bool,
    phase: Phase,
    doubt: Doubt,
    tries: int,
    jitter: float,
) -> None:
    decision = retry.decide(
        retry.DEFAULT[medium],
        reason=reason,
        retryable=retryable,
        phase=phase,
        tries=tries,
        doubt=doubt,
        jitter=jitter,
    )

    assert (decision.state is State.WAITING) == (decision.delay is not None)
    assert decision.counts or decision.state is State.WAITING
    assert decision.state in {State.WAITING, State.FAILED, State.EXHAUSTED, State.UNKNOWN}
