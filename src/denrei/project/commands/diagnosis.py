"""`denrei doctor`: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from denrei.project.environment import Environment

if TYPE_CHECKING:
    from denrei.project.doctor import Finding

#: How a state is shown.
_LABELS = {"ok": "正常", "warning": "注意", "fault": "異常"}


def add(commands: Any) -> None:
    """Add the subcommand."""
    command = commands.add_parser("doctor", help="導入の状態を調べ、直し方を示します")
    command.add_argument(
        "--json", action="store_true", help="1行に1つのJSONオブジェクトで出力します"
    )
    command.set_defaults(run=run_doctor)


def run_doctor(given: argparse.Namespace) -> int:
    """Examine and tell; 1 where anything is a fault."""
    from denrei.project import doctor

    environment = Environment()
    home = Path(environment.text("DENREI_HOME") or Path.home() / ".local/share/denrei").absolute()
    counts: Counter[str] = Counter()
    for finding in doctor.examine(environment, home):
        counts[finding.state] += 1
        print(_line(finding) if given.json else _paragraph(finding), flush=True)
    if not given.json:
        print(_summary(counts))
    return 1 if counts["fault"] else 0


def _line(finding: Finding) -> str:
    return json.dumps(dataclasses.asdict(finding), ensure_ascii=False)


def _paragraph(finding: Finding) -> str:
    told = f"[{_LABELS[finding.state]}] {finding.title}：{finding.words}"
    return f"{told}\n       → {finding.remedy}" if finding.remedy else told


def _summary(counts: Counter[str]) -> str:
    if counts["fault"]:
        return (
            f"\n異常が{counts['fault']}件、注意が{counts['warning']}件あります。"
            "異常を上から順に直し、もう一度 denrei doctor を実行してください。"
        )
    if counts["warning"]:
        return f"\n異常はありません。注意が{counts['warning']}件あります。"
    return "\n異常はありません。"
