"""The judge finds what was lost, doubled or sent astray, from the servers' log alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from denrei.project.demo.expectation import Expectation
from denrei.project.demo.judge import Verdict, judge
from denrei.project.demo.worldlog import WorldLog

WANTED = Expectation(
    people=4,
    messages={"a@x.example": 1, "b@x.example": 1, "both@x.example": 2},
    refused={"no.unknown@x.example": 1},
    without_contact=(),
)
GOOD = ["a@x.example", "b@x.example", "both@x.example", "both@x.example"]


def write(path: Path, accepted: list[str], refused: list[str], subject: str = "地震") -> Path:
    """Append events to a log."""
    with WorldLog(path) as log:
        for rcpt in accepted:
            log.note("accepted", at=1.0, rcpt=rcpt, sender="", id="1.a", subject=subject, urls=())
        for rcpt in refused:
            log.note("refused", at=1.0, rcpt=rcpt, sender="", phase="rcpt", code=550, text="")
    return path


@pytest.mark.parametrize(
    ("accepted", "refused", "expected"),
    [
        pytest.param(GOOD, ["no.unknown@x.example"], {"clean": True}, id="as meant"),
        pytest.param(
            GOOD[1:], ["no.unknown@x.example"], {"lost": ("a@x.example",)}, id="one is missing"
        ),
        pytest.param(
            GOOD[:-1],
            ["no.unknown@x.example"],
            {"lost": ("both@x.example",)},
            id="one of two is missing",
        ),
        pytest.param(
            [*GOOD, "a@x.example", "both@x.example"],
            ["no.unknown@x.example"],
            {"duplicates": ("a@x.example", "both@x.example")},
            id="twice",
        ),
        pytest.param(
            [*GOOD, "who@x.example"],
            ["no.unknown@x.example"],
            {"strangers": ("who@x.example",)},
            id="a stranger",
        ),
        pytest.param(
            [*GOOD, "no.unknown@x.example"],
            [],
            {"strangers": ("no.unknown@x.example",)},
            id="accepted instead of refused",
        ),
        pytest.param(
            GOOD, [], {"untried": ("no.unknown@x.example",), "clean": True}, id="nobody tried"
        ),
        pytest.param(
            GOOD[1:],
            ["a@x.example", "no.unknown@x.example"],
            {"lost": ("a@x.example",)},
            id="refused and never accepted",
        ),
    ],
)
def test_verdicts(
    tmp_path: Path, accepted: list[str], refused: list[str], expected: dict[str, object]
) -> None:
    found: Verdict = judge(write(tmp_path / "log", accepted, refused), WANTED)
    said = {
        name: getattr(found, name)
        for name in ("lost", "duplicates", "strangers", "untried")
        if getattr(found, name)
    }

    assert said == {name: value for name, value in expected.items() if name != "clean"}
    assert found.clean is bool(expected.get("clean", False))
    assert (found.expected, found.received) == (4, len(accepted))


def test_one_broadcast_is_told_from_another(tmp_path: Path) -> None:
    log = write(tmp_path / "log", GOOD, [])
    write(log, GOOD, [], subject="【訓練】津波")

    assert judge(log, WANTED).duplicates != ()
    assert judge(log, WANTED, subject="津波").clean
    assert judge(log, WANTED, id_prefix="2.").lost != ()


def test_a_line_that_is_not_whole_is_not_counted(tmp_path: Path) -> None:
    log = write(tmp_path / "log", GOOD, [])
    with log.open("ab") as file:
        file.write(b'{"event":"accepted","rcpt":"a@x.exa')

    assert judge(log, WANTED).received == 4


@pytest.mark.parametrize(("accepted", "code"), [(["a@x.example"], 0), ([], 1)])
def test_as_a_process_it_prints_and_ends_with_the_verdict(
    tmp_path: Path, accepted: list[str], code: int
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "利用者コード,世帯コード,メールアドレス1,メールアドレス2\n1,,a@x.example,\n",
        encoding="utf-8",
    )
    log = write(tmp_path / "log", accepted, [])
    command = [sys.executable, "-m", "denrei.project.demo.judge"]
    done = subprocess.run(
        [*command, "--people", str(people), "--log", str(log)],
        capture_output=True,
        check=False,
        timeout=20,
    )

    assert done.returncode == code
    assert json.loads(done.stdout)["clean"] is (code == 0)
