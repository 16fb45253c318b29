"""The doctor and the installation: folder, key, addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from denrei.project.doctor import installation
from denrei.project.doctor.finding import Finding, State
from denrei.project.environment import Environment

KEY = "correct-horse-battery-staple-0123456789"


def found(variables: dict[str, str], home: Path) -> dict[str, Finding]:
    """Return what is found, by title."""
    told = installation.examine(Environment(variables), home)
    return {finding.title: finding for finding in told}


def file(path: Path, text: str, mode: int) -> Path:
    """Write a file with its mode."""
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("text", "mode", "expected", "words"),
    [
        (KEY, 0o600, State.OK, "長さは十分"),
        (KEY, 0o640, State.FAULT, "chmod 600"),
        (KEY, 0o604, State.FAULT, "chmod 600"),
        ("short", 0o600, State.FAULT, "5文字しか"),
        ("a" * 40, 0o600, State.WARNING, "繰り返し"),
        ("鍵" * 40, 0o600, State.FAULT, "読めません"),
    ],
    ids=["good", "group", "everybody", "short", "typed", "not-ascii"],
)
def test_the_stored_key_is_judged(
    tmp_path: Path, text: str, mode: int, expected: State, words: str
) -> None:
    file(tmp_path / "secret-key", text, mode)
    key = found({}, tmp_path)["秘密鍵"]

    assert expected == key.state
    assert words in key.words + key.remedy
    assert text not in key.words or len(text) < 6


@pytest.mark.parametrize(
    ("mode", "expected"), [(0o600, State.OK), (0o640, State.OK), (0o644, State.FAULT)]
)
def test_a_key_file_may_belong_to_a_group(tmp_path: Path, mode: int, expected: State) -> None:
    path = file(tmp_path / "key", KEY, mode)

    assert expected == found({"DENREI_SECRET_KEY_FILE": str(path)}, tmp_path)["秘密鍵"].state


@pytest.mark.parametrize(
    ("variables", "title", "expected"),
    [
        ({}, "秘密鍵", State.OK),
        ({"DATABASE_URL": "postgresql://h/d"}, "秘密鍵", State.FAULT),
        ({"DATABASE_URL": "postgresql://h/d", "DENREI_SECRET_KEY": KEY}, "秘密鍵", State.OK),
        ({"DENREI_SECRET_KEY": "short"}, "秘密鍵", State.FAULT),
        ({"DENREI_SECRET_KEY": KEY, "DENREI_SECRET_KEY_FILE": "/x"}, "設定", State.FAULT),
        ({"DENREI_SECRET_KEY_FILE": "/nowhere/key"}, "設定", State.FAULT),
    ],
    ids=["not-made-yet", "server-without", "server-with", "short", "both", "file-away"],
)
def test_where_the_key_comes_from_is_judged(
    tmp_path: Path, variables: dict[str, str], title: str, expected: State
) -> None:
    assert expected == found(variables, tmp_path)[title].state


def test_a_home_that_is_to_be_made_is_in_order(tmp_path: Path) -> None:
    assert State.OK == found({}, tmp_path / "a" / "b")["保存先のフォルダー"].state


def test_a_home_below_a_file_is_a_fault(tmp_path: Path) -> None:
    below = file(tmp_path / "file", "", 0o600) / "home"

    assert State.FAULT == found({}, below)["保存先のフォルダー"].state


@pytest.mark.parametrize(
    ("url", "hosts", "expected"),
    [
        ("https://anpi.example.jp", ["anpi.example.jp"], [State.OK, State.OK]),
        ("https://anpi.example.jp:8443/x", [".example.jp"], [State.OK, State.OK]),
        ("http://anpi.example.jp", ["anpi.example.jp"], [State.WARNING, State.OK]),
        ("http://127.0.0.1:8000", ["127.0.0.1"], [State.OK, State.OK]),
        ("http://[::1]:8000", ["[::1]"], [State.OK, State.OK]),
        ("https://anpi.example.jp", ["127.0.0.1", "localhost"], [State.OK, State.FAULT]),
        ("https://anpi.example.jp", ["*"], [State.OK, State.WARNING]),
        ("https://", ["*"], [State.FAULT]),
        ("https://anpi.example.jp:port", ["*"], [State.FAULT]),
    ],
)
def test_the_address_of_the_answer_pages_is_judged(
    url: str, hosts: list[str], expected: list[State]
) -> None:
    assert expected == [finding.state for finding in installation.addresses(url, hosts)]
