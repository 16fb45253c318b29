"""The judge: what was received against who was meant. Imports nothing of what it judges.

Three files, a line of JSON each:

| file | a line | written by |
| --- | --- | --- |
| log | `{"at", "rcpt", "id", "mark"}`: a message whose final dot came | `chaos.sink` |
| meant | `{"rcpt", "mark"}`: who is owed which message | plain SQL, from the address book, before the press |
| listed | `{"rcpt", "mark"}`: what the console shows as 二重送信の可能性 | the console's own words |

`python -m chaos.checker LOG MEANT LISTED` prints the judgement.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

#: Which message, to whom.
Owed = tuple[str, str]
#: From when to when a process was stopped, seconds since 1970.
Pause = tuple[float, float]
#: Seconds in which the sink still reads what was written before a stop.
_ON_THE_WAY = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Counts of messages; each is of one (mark, recipient)."""

    meant: int
    received: int
    #: Meant and never received.
    lost: int
    #: Copies beyond the first.
    duplicates: int
    #: Received more than once and not listed as such.
    unlisted: int
    #: Received by somebody who was not meant.
    strangers: int
    #: Copies of one message that bear different Message-IDs: a server could not drop the second.
    unlike: int


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the whole lines of a file; a last one without its end is left out; no file: none."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield json.loads(line)


def _of(path: Path, mark: str) -> Iterator[dict[str, Any]]:
    return (line for line in lines(path) if mark in ("", line["mark"]))


def _owed(line: dict[str, Any]) -> Owed:
    return line["mark"], line["rcpt"]


def judge(log: Path, meant: Path, listed: Path, mark: str = "") -> Judgement:
    """Return what the three files say together; of one mark, or of all."""
    owed = {_owed(line) for line in _of(meant, mark)}
    shown = {_owed(line) for line in _of(listed, mark)}
    copies: Counter[Owed] = Counter()
    ids: defaultdict[Owed, set[str]] = defaultdict(set)
    for line in _of(log, mark):
        copies[_owed(line)] += 1
        ids[_owed(line)].add(line["id"])
    return Judgement(
        meant=len(owed),
        received=copies.total(),
        lost=len(owed - copies.keys()),
        duplicates=copies.total() - len(copies),
        unlisted=sum(1 for one, count in copies.items() if count > 1 and one not in shown),
        strangers=len(copies.keys() - owed),
        unlike=sum(1 for found in ids.values() if len(found) > 1),
    )


def received(log: Path, mark: str = "") -> set[Owed]:
    """Return what was received at least once; of one mark, or of all."""
    return {_owed(line) for line in _of(log, mark)}


def after(log: Path, moment: float, mark: str, only: Iterable[str] = ()) -> int:
    """Return how many messages of a mark came after a moment; to these recipients, or to any."""
    chosen = set(only)
    return sum(
        1
        for line in _of(log, mark)
        if line["at"] > moment and (not chosen or line["rcpt"] in chosen)
    )


def late(log: Path, pauses: Sequence[Pause]) -> int:
    """Return how many copies a process sent although its time was over while it was stopped.

    `pauses` are those of one process, each longer than its lease. What others sent of its work while it was
    stopped must not come again after it woke up.
    """
    before: dict[Owed, float] = {}
    found = 0
    for line in lines(log):
        owed, at = _owed(line), float(line["at"])
        if owed in before:
            found += any(
                begun + _ON_THE_WAY < before[owed] <= ended < at for begun, ended in pauses
            )
        before[owed] = at
    return found


def main() -> None:
    """Judge three files named on the command line."""
    print(json.dumps(asdict(judge(*map(Path, sys.argv[1:4])))))


if __name__ == "__main__":
    main()
