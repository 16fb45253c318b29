"""`denrei doctor` as an operator runs it: a process with an environment, lines and an exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.project.doctor.conftest import At

DOCTOR = "from denrei.project.commands import main; raise SystemExit(main())"
KEY = "correct-horse-battery-staple-0123456789"


def run(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command with nothing but its own variables."""
    environment = {"PATH": "/usr/bin:/bin", "DENREI_HOME": str(home), **variables}
    return subprocess.run(
        [sys.executable, "-c", DOCTOR, "doctor", *arguments],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def states(done: subprocess.CompletedProcess[str]) -> Counter[str]:
    """Return how many findings there are of each state."""
    findings: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(set(finding) == {"title", "state", "words", "remedy"} for finding in findings)
    return Counter(finding["state"] for finding in findings)


def test_a_whole_installation_has_no_fault(committed: None, at: At, tmp_path: Path) -> None:
    done = run(tmp_path, "--json", DATABASE_URL=at(), DENREI_SECRET_KEY=KEY)

    assert (0, "") == (done.returncode, done.stderr)
    assert 0 == states(done)["fault"]
    assert 15 < states(done)["ok"]


def test_findings_are_told_in_words(committed: None, at: At, tmp_path: Path) -> None:
    done = run(tmp_path, DATABASE_URL=at(), DENREI_SECRET_KEY=KEY)

    assert "[注意] ワーカー：動いていません。" in done.stdout
    assert "→ denrei worker を起動してください。" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("異常はありません。")


def test_before_the_first_migration_it_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = run(home)

    assert 1 == done.returncode
    assert "denrei migrate を実行すると作られます" in done.stdout
    assert not home.exists()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DATABASE_URL": "host=127.0.0.1 port=1 dbname=denrei"}, "DENREI_SECRET_KEY"),
        (
            {"DATABASE_URL": "host=127.0.0.1 port=1 dbname=denrei", "DENREI_SECRET_KEY": KEY},
            "つながりません",
        ),
        ({"DATABASE_URL": "nonsense", "DENREI_SECRET_KEY": KEY}, "DATABASE_URL を読み取れません"),
        (
            {"DATABASE_URL": "dbname=a", "DATABASE_URL_FILE": "/a", "DENREI_SECRET_KEY": KEY},
            "どちらか一方だけ",
        ),
    ],
    ids=["no-key", "nobody-there", "no-address", "both"],
)
def test_what_keeps_denrei_from_starting_is_a_fault(
    tmp_path: Path, variables: dict[str, str], words: str
) -> None:
    done = run(tmp_path, "--json", **variables)

    assert (1, "") == (done.returncode, done.stderr)
    assert words in done.stdout
    assert 0 < states(done)["fault"]
    assert KEY not in done.stdout
