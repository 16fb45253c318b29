"""`denrei bounce explain FILE…`: what a mail that came back says, without a database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from denrei.domain.bounces import Finding, Kind, read
from denrei.domain.bounces.mime import MOST_BYTES
from denrei.domain.failures import CONSEQUENCES, Suppress
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, status_of
from denrei.project.failure import why

#: How `explain` ends where a file could not be read.
UNREADABLE = 1


def add(commands: Any) -> None:
    """Add the subcommands."""
    family = commands.add_parser("bounce", help="戻ってきたメール").add_subparsers(
        metavar="操作", required=True
    )
    explain = family.add_parser(
        "explain", help="戻ってきたメールの宛先と理由を、1件1行のJSONで表示します"
    )
    explain.add_argument("files", metavar="FILE", type=Path, nargs="+")
    explain.set_defaults(run=run_explain)


def run_explain(given: argparse.Namespace) -> int:
    """Tell what each file says, all of them; `UNREADABLE` where one could not be read."""
    return max([_explain(path) for path in given.files])


def _explain(path: Path) -> int:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES)
    except OSError as error:
        print(f"{path}：{why(error)}", file=sys.stderr)
        return UNREADABLE
    for finding in read(raw):
        print(json.dumps(_line(path, finding), ensure_ascii=False))
    return 0


def _line(path: Path, finding: Finding) -> dict[str, str | bool | None]:
    return {
        "file": path.name,
        "recipient": finding.recipient,
        "status": status(finding).value,
        "reason": _reason(finding),
        "suppress": suppresses(finding),
        "evidence": finding.evidence,
    }


def _reason(finding: Finding) -> str:
    if finding.kind in {Kind.FAILED, Kind.DELAYED}:
        return finding.reason.name.lower()
    return finding.kind.value


def status(finding: Finding) -> Status:
    """Return the status that a delivery has after this finding; one that it leaves alone is done."""
    match finding.kind:
        case Kind.FAILED:
            return status_of(
                Position(state=State.BOUNCED, medium=Medium.MAIL, reason=finding.reason)
            )
        case Kind.DELAYED:
            return Status.IN_PROGRESS
        case _:
            return Status.DONE


def suppresses(finding: Finding) -> bool:
    """Does this finding alone keep the next broadcast from the address (EMC-6)?"""
    return finding.kind is Kind.FAILED and CONSEQUENCES[finding.reason].suppress is Suppress.AT_ONCE
