"""A state machine over the ledger's real statements, and faults that it must catch."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import run_state_machine_as_test

from tests.deliveries.machine import rules, stage
from tests.deliveries.machine.faults import FAULTS

pytestmark = pytest.mark.usefixtures("committed")

_ALL = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
settings.register_profile("ledger", _ALL, max_examples=60, stateful_step_count=40)
settings.register_profile("ledger-soak", _ALL, max_examples=3000, stateful_step_count=80)
#: What is found need not be made small; most faults are caught within 30 examples.
_PLANTED = settings(
    _ALL,
    max_examples=300,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    print_blob=False,
)


@pytest.mark.spec("ALL-1", "ALL-2", "NEW-1", "NEW-5")
def test_the_ledger_keeps_its_word() -> None:
    """For a longer run: DENREI_LEDGER_PROFILE=ledger-soak."""
    profile = settings.get_profile(os.environ.get("DENREI_LEDGER_PROFILE", "ledger"))
    with stage.opened() as real:
        run_state_machine_as_test(rules.on(real), settings=profile)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_caught(name: str) -> None:
    fault = FAULTS[name]
    with (
        stage.opened(fault.texts()) as faulty,
        pytest.raises((AssertionError, FlakyFailure)) as caught,
    ):
        run_state_machine_as_test(rules.on(faulty), settings=_PLANTED)

    assert re.search(fault.caught_by, _words(caught.value))


def _words(error: BaseException) -> str:
    """Return what was said; where a fault has no order, hypothesis can't repeat it and wraps it."""
    return "\n".join([str(error), *(str(each) for each in getattr(error, "exceptions", ()))])
