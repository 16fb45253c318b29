"""Lost, twice, to strangers: what the mail world's own log says of one broadcast.

`python -m denrei.project.demo.judge --people FILE --log FILE [--answers FILE]` prints the verdict as JSON and ends
with 0 only where nothing was lost, doubled or sent astray.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from denrei.project.demo import excuses, worldlog
from denrei.project.demo.expectation import Expectation, expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Counts and addresses; the addresses in order, each once."""

    #: Messages that had to arrive.
    expected: int
    #: Messages that the servers took, whether or not they said so.
    received: int
    #: Addresses that got fewer messages than they had to.
    lost: tuple[str, ...]
    #: Addresses that got fewer, but whose people had all answered by another one (`excuses`).
    excused: tuple[str, ...]
    #: Addresses that got more.
    duplicates: tuple[str, ...]
    #: Addresses that had to be refused, and were.
    refused: tuple[str, ...]
    #: Addresses that had to be refused and were not tried (suppressed before, or forgotten).
    untried: tuple[str, ...]
    #: Addresses that got a message and were to get none.
    strangers: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Tell whether each got exactly what was meant for them."""
        return not (self.lost or self.duplicates or self.strangers)


def judge(
    log: Path,
    expectation: Expectation,
    *,
    answers: Path | None = None,
    subject: str = "",
    id_prefix: str = "",
) -> Verdict:
    """Compare a log with what had to arrive.

    In a log of several broadcasts, `subject` (a part of it) or `id_prefix` (of the Message-ID)
    names the one that is meant; refusals carry neither and count for all. `answers`: the people's
    own record, where answers may have cancelled mails.
    """
    got: Counter[str] = Counter()
    refusals: set[str] = set()
    for event in worldlog.events(log):
        if event["event"] == "refused":
            refusals.add(str(event["rcpt"]))
        elif event["event"] == "accepted" and _meant(event, subject, id_prefix):
            got[str(event["rcpt"])] += 1
    wanted = expectation.messages
    to_refuse = expectation.refused
    spared = excuses.excused(log, answers, expectation) if answers and answers.exists() else {}
    short = sorted(a for a, count in wanted.items() if got[a] < count)
    lost = tuple(a for a in short if got[a] + spared.get(a, 0) < wanted[a])
    return Verdict(
        expected=sum(wanted.values()),
        received=got.total(),
        lost=lost,
        excused=tuple(a for a in short if a not in lost),
        duplicates=tuple(sorted(a for a, count in got.items() if count > wanted.get(a, count))),
        refused=tuple(sorted(a for a in to_refuse if a in refusals)),
        untried=tuple(sorted(a for a in to_refuse if a not in refusals and a not in got)),
        strangers=tuple(sorted(a for a in got if a not in wanted)),
    )


def _meant(event: Mapping[str, object], subject: str, id_prefix: str) -> bool:
    return subject in str(event["subject"]) and str(event["id"]).startswith(id_prefix)


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge a finished run."""
    parser = argparse.ArgumentParser(description="Compare the mail world's log with the people")
    parser.add_argument("--people", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--answers", type=Path, help="what the people say they answered")
    parser.add_argument("--subject", default="")
    options = parser.parse_args(arguments)
    verdict = judge(
        options.log,
        expected(options.people),
        answers=options.answers,
        subject=options.subject,
    )
    text = json.dumps({**dataclasses.asdict(verdict), "clean": verdict.clean}, ensure_ascii=False)
    sys.stdout.write(text + "\n")
    sys.exit(not verdict.clean)


if __name__ == "__main__":
    main()
