"""The doctor and clocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from denrei.accounts import organizations
from denrei.project.doctor import clock
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.finding import State


@pytest.mark.spec("OPS-6", "OPS-9")
@pytest.mark.parametrize(
    ("ahead", "expected", "words"),
    [
        (0.0, State.OK, "差は 0.0秒"),
        (-1.9, State.OK, "差は 1.9秒"),
        (2.5, State.WARNING, "2.5秒進んで"),
        (-29.0, State.WARNING, "29.0秒遅れて"),
        (31.0, State.FAULT, "31.0秒進んで"),
        (-3600.0, State.FAULT, "3600.0秒遅れて"),
    ],
)
def test_the_difference_to_the_database_is_judged(
    ahead: float, expected: State, words: str
) -> None:
    found = clock.compared(ahead)

    assert expected == found.state
    assert words in found.words


@pytest.mark.parametrize(
    ("program", "says", "expected"),
    [
        ("timedatectl", "yes", State.OK),
        ("timedatectl", "no", State.WARNING),
        ("chronyc", "Leap status     : Normal", State.OK),
        ("chronyc", "Leap status     : Not synchronised", State.WARNING),
        ("chronyc", "506 Cannot talk to daemon", State.WARNING),
        ("other", "yes", State.WARNING),
    ],
)
def test_who_keeps_the_clock_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, says: str, expected: State
) -> None:
    script = tmp_path / program
    script.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="ascii")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert expected == clock.kept().state


def test_a_program_that_fails_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "timedatectl"
    script.write_text("#!/bin/sh\necho yes\nexit 1\n", encoding="ascii")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "確かめられません" in clock.kept().words


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        (["Asia/Tokyo", "Europe/Berlin"], State.OK),
        (["Asia/Tokio"], State.FAULT),
        (["../etc/passwd"], State.FAULT),
    ],
)
def test_an_unknown_time_zone_is_a_fault(zones: list[str], expected: State) -> None:
    assert expected == clock.zones_found(zones).state


def test_the_zones_of_all_organizations_are_looked_up(
    committed: None, connection: Connection
) -> None:
    organizations.create("city", "伝令市", time_zone="Asia/Edo")
    found = {finding.title: finding for finding in clock.examine(connection)}

    assert State.OK == found["データベースとの時計の差"].state
    assert "Asia/Edo" in found["時間帯のデータ"].words
