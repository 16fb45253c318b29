"""A mail that an answer made needless is not lost; one that nothing explains is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from denrei.project.demo.expectation import expected
from denrei.project.demo.judge import judge

_PEOPLE = """\
利用者コード,氏名,世帯コード,メールアドレス1,メールアドレス2
1,一人,,one@a.example,one@b.example
2,父,H,home@a.example,father@b.example
3,母,H,home@a.example,
"""


def _mail(address: str) -> dict[str, object]:
    return {
        "event": "accepted", "rcpt": address, "id": "1.1", "subject": "地震", "urls": [f"u/{address}"]
    }  # fmt: skip


def _answer(address: str, person: str = "") -> dict[str, object]:
    return {"event": "answered", "url": f"u/{address}", "person": person}


CASES = [
    pytest.param(["one@a.example"], [], ["one@b.example"], [], id="nobody answered: lost"),
    pytest.param(
        ["one@a.example"],
        [_answer("one@a.example")],
        [],
        ["one@b.example"],
        id="answered by the other address: excused",
    ),
    pytest.param(
        ["one@a.example", "one@b.example", "home@a.example"],
        [_answer("home@a.example", "3")],
        ["father@b.example"],
        [],
        id="one of a household answered, nobody knows which: lost",
    ),
    pytest.param(
        ["one@a.example", "one@b.example", "home@a.example"],
        [_answer("home@a.example", "2"), _answer("home@a.example", "3")],
        [],
        ["father@b.example"],
        id="both of a household answered: excused",
    ),
]


@pytest.mark.spec("EMC-5")
@pytest.mark.parametrize(("mails", "answers", "lost", "excused"), CASES)
def test_only_an_answer_excuses_a_mail_that_did_not_come(
    tmp_path: Path,
    mails: list[str],
    answers: list[dict[str, object]],
    lost: list[str],
    excused: list[str],
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(_PEOPLE, encoding="utf-8")
    log, told = tmp_path / "log", tmp_path / "answers"
    log.write_text("".join(json.dumps(_mail(mail)) + "\n" for mail in mails), encoding="utf-8")
    told.write_text("".join(json.dumps(answer) + "\n" for answer in answers), encoding="utf-8")
    wanted = expected(people)
    if "home@a.example" not in mails:
        wanted_lost = {*lost, "home@a.example", "father@b.example"}
    else:
        wanted_lost = set(lost)

    verdict = judge(log, wanted, answers=told)

    assert set(verdict.lost) == wanted_lost
    assert list(verdict.excused) == excused
