"""Answers: each is what the ledger sealed when it was given, and the latest is what counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from denrei.domain.failures import Reason
from denrei.domain.proof import commitments
from denrei.domain.proof.facts import Gathered
from denrei.domain.proof.findings import Faults, Finding, judged
from denrei.domain.proof.lines import Row
from denrei.domain.states import Grade

#: Field of a response → what it is called where it does not agree.
_SEALED: Mapping[str, str] = {
    "recipient": "回答した人",
    "choice": "回答",
    "words": "回答の文言",
    "needs_help": "支援の要否",
    "source": "回答元",
    "comment": "ひとこと",
    "late": "締切後の印",
    "actor": "記録した操作者",
}
#: ... where the record has it: it was sealed later than the others.
_LATER: Mapping[str, str] = {"medium": "回答の手段"}


def compare(found: Gathered, line: int, row: Row) -> None:
    """Take a response; note where it is not what its event says. ValueError: no time in it."""
    found.answers += 1
    found.answered.add(row["recipient"])
    raw, delivery = found.told.pop(row["response"], ("", None))
    for words in _differences(row, raw, delivery):
        found.changed.add(line, words)
    person = found.people.get(row["recipient"])
    if person is None:
        found.form.add(line, "回答した人が対象にいません")
        return
    person.implied = max(person.implied, Grade.ANSWERED if row["choice"] else Grade.READ)
    latest = (row["response"], row["choice"], row["needs_help"])
    person.latest = max(person.latest or latest, latest)


def _differences(row: Row, raw: str, delivery: int | None) -> list[str]:
    at = commitments.moment(row["at"])
    sealed = _read(raw)
    if sealed is None:
        return ["この回答を封印した記録がありません"]
    names = [
        f"{called}が封印した記録と違います"
        for name, called in _SEALED.items()
        if name not in sealed or sealed[name] != row[name]
    ]
    names += [
        f"{called}が封印した記録と違います"
        for name, called in _LATER.items()
        if name in sealed and sealed[name] != row.get(name)
    ]
    if not isinstance(sealed.get("at"), str) or commitments.moment(sealed["at"]) != at:
        names.append("回答の時刻が封印した記録と違います")
    if delivery != row["delivery"]:
        names.append("回答した配信が封印した記録と違います")
    return names


def _read(raw: str) -> Mapping[str, Any] | None:
    try:
        sealed = json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        return None
    return sealed if isinstance(sealed, dict) else None


def check(found: Gathered) -> Finding:
    """Return whether answers, their events, the halts that follow and the audience agree."""
    faults = found.changed
    for response in found.told:
        faults.add(0, f"封印した記録にある回答{response}の行がありません")
    for recipient in found.answered - found.halts.keys():
        faults.add(0, f"回答した人{recipient}への送信を止めた記録がありません")
    for recipient, reason in found.halts.items():
        by_answer = recipient > 0 and reason == Reason.ANSWERED_ELSEWHERE
        if by_answer and recipient not in found.answered:
            faults.add(0, f"回答により止めた人{recipient}の回答がありません")
    _latest(found, faults)
    return judged(
        "answers",
        faults,
        f"回答：{found.answers:,}件（{len(found.answered):,}人）が、受け付けたときに封印した記録のとおりです。",
        "回答：封印した記録と合わないものがあります。",
    )


def _latest(found: Gathered, faults: Faults) -> None:
    """Compare with what the audience says of each person's latest answer, where it says it."""
    for recipient, person in found.people.items():
        _, choice, needs_help = person.latest or (0, "", False)
        shown = (person.choice, person.needs_help)
        if person.choice is not None and shown != (choice, needs_help):
            faults.add(person.line, f"対象の人{recipient}の回答が、最後の回答と違います")
