"""293 real bounces that nobody of denrei wrote: how many are read aright (EMC-6)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from denrei.domain.bounces import Finding, Kind, read
from denrei.project.commands import bounce

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "bounces"

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(),
    reason=f"the corpus of bounces is not at {CORPUS}: see docs/explanation/bounces.md",
)


class Score(NamedTuple):
    """Of each measure how many, and of how many."""

    recipients: float
    statuses: float
    precision: float
    recall: float


def _paired(expected: list[dict[str, Any]], found: list[Finding]) -> list[Finding | None]:
    """Return for each expected recipient the finding of it; the only one where there is one."""
    by_name = {(finding.recipient or "").lower(): finding for finding in reversed(found)}
    alone = found[0] if len(expected) == 1 else None
    return [by_name.get((one["recipient"] or "").lower(), alone) for one in expected]


@pytest.fixture(scope="module")
def score() -> Score:
    """Return the share of each measure over all recipients of the corpus."""
    expected = json.loads((CORPUS / "expected.json").read_text("utf-8"))
    recipients = statuses = total = rightly = wrongly = missed = 0
    for name, wanted in expected.items():
        found = list(read((CORPUS / "eml" / name).read_bytes()))
        for one, finding in zip(wanted, _paired(wanted, found), strict=True):
            total += 1
            if finding is None:
                missed += one["suppress_next"]
                continue
            recipients += (finding.recipient or "").lower() == (one["recipient"] or "").lower()
            statuses += bounce.status(finding).value in one["seed0_status_accept"]
            silenced = bounce.suppresses(finding)
            rightly += silenced and one["suppress_next"]
            wrongly += silenced and not one["suppress_next"]
            missed += not silenced and one["suppress_next"]
    return Score(
        recipients / total,
        statuses / total,
        rightly / (rightly + wrongly),
        rightly / (rightly + missed),
    )


def test_the_recipient_is_found(score: Score) -> None:
    assert score.recipients >= 0.95


@pytest.mark.spec("EMC-6")
def test_the_status_is_right(score: Score) -> None:
    assert score.statuses >= 0.92


@pytest.mark.spec("EMC-6")
def test_nobody_is_silenced_by_mistake(score: Score) -> None:
    assert score.precision >= 0.99


@pytest.mark.spec("EMC-6")
def test_who_can_not_be_reached_is_left_out(score: Score) -> None:
    assert score.recall >= 0.92


def test_every_mail_is_read() -> None:
    kinds = {
        finding.kind
        for path in sorted((CORPUS / "eml").iterdir())
        for finding in read(path.read_bytes())
    }

    assert set(Kind) - {Kind.OTHER} <= kinds
