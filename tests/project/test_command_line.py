"""How every command behaves in a terminal, whatever it does."""

from __future__ import annotations

import os
import subprocess

import pytest

from denrei.accounts import organizations
from tests.project.commands import SECONDS, command, denrei, environment

pytestmark = pytest.mark.usefixtures("committed")


def test_wrong_usage_is_2_and_help_is_0() -> None:
    usages = denrei(), denrei("broadcast", "show", "x"), denrei("--help")

    assert [2, 2, 0] == [said.code for said in usages]


def test_a_terminal_without_utf_8_ends_nothing() -> None:
    organizations.create("old", "𠮷田市")

    said = denrei("organization", "list", PYTHONUTF8="0", PYTHONIOENCODING="cp932")

    assert (0, "") == (said.code, said.error)
    assert said.out.startswith("old\t\\U00020bb7")


def test_a_reader_that_leaves_ends_nothing_badly() -> None:
    organizations.create("town", "伝令町")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            command("organization", "list"),
            env=environment(),
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
            timeout=SECONDS,
        )
    finally:
        os.close(writing)

    assert (141, b"") == (done.returncode, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--people", 0], "--people には 1 から", id="nobody"),
        pytest.param(["--people", 10**7], "--people には 1 から 1000000 まで", id="a country"),
        pytest.param(["--speed", 0], "--speed には 0 より大きく", id="standing still"),
        pytest.param(["--speed", "nan"], "--speed には 0 より大きく", id="no speed"),
        pytest.param(["--json"], "--json は --once と一緒に", id="a result without an end"),
    ],
)
def test_a_demo_that_cannot_be_played_is_told(arguments: list[object], words: str) -> None:
    said = denrei("demo", *arguments)

    assert (1, "") == (said.code, said.out)
    assert words in said.error
