"""Whatever workers, janitors, people and time do: at any moment the file of it proves itself."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from denrei.deliveries import seal
from denrei.domain.proof.verifying import verify
from denrei.reports.proof import exporting
from tests.deliveries.machine import rules, stage
from tests.deliveries.machine.stage import Stage

pytestmark = pytest.mark.usefixtures("committed")

#: The machine lets people answer by a halt alone.
_SHORTCUT = "により止めた人"


class Proving(rules.LedgerMachine):
    """The ledger's machine, whose broadcast is taken out before its end and after it."""

    #: Set by `on`.
    real: Stage

    def __init__(self) -> None:
        super().__init__(self.real)

    def teardown(self) -> None:
        """Prove what is there in the middle; then everything comes to its end, and once more."""
        if not hasattr(self, "play") or self.play.broken:
            return
        self._prove()
        super().teardown()
        self._prove()

    def _prove(self) -> None:
        city = self.play.city
        seal.seal(city.organization)
        pieces = exporting.export(city.organization, city.broadcast, "test")
        report = verify(b"".join(pieces).splitlines(keepends=True))
        wrong = [
            (finding.words, detail)
            for finding in report.findings
            if finding.holds is False
            for detail in finding.details or ("",)
            if _SHORTCUT not in detail and not (finding.check == "answers" and "ほか" in detail)
        ]
        assert wrong == []


@pytest.mark.spec("NEW-1")
def test_the_file_of_any_ledger_proves_itself() -> None:
    examples = int(os.environ.get("DENREI_PROOF_EXAMPLES", "25"))
    with stage.opened() as real:
        Proving.real = real
        run_state_machine_as_test(
            Proving,
            settings=settings(
                deadline=None,
                suppress_health_check=list(HealthCheck),
                max_examples=examples,
                stateful_step_count=40,
            ),
        )
