"""What is broken on purpose is broken on the wire, at once, and whole again by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from denrei.project.demo import faults
from denrei.project.demo.controls import Control
from denrei.project.demo.faults import Fault
from denrei.project.demo.mailworld import MailWorld
from denrei.project.demo.rules import Rule
from tests.project.demo.client import connected, events

UNLUCKY = next(f"a{n}@b.example" for n in range(99) if faults.is_unlucky(f"a{n}@b.example"))
LUCKY = next(f"a{n}@b.example" for n in range(99) if not faults.is_unlucky(f"a{n}@b.example"))


class Clock:
    """Seconds since 1970 as the test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return them."""
        return self.now


async def until(world: MailWorld, *kinds: Fault) -> None:
    """Wait until a world obeys."""
    while world.faults.kinds != frozenset(kinds):  # noqa: ASYNC110 - it follows a file
        await asyncio.sleep(0.01)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "faults.json"


async def test_a_server_that_is_stopped_turns_everybody_away_until_its_time_is_over(
    tmp_path: Path, file: Path
) -> None:
    clock = Clock()
    async with MailWorld([], tmp_path / "log", clock=clock, broken=file) as world:
        async with connected(world) as before:
            Control(file).write({Fault.CLOSED: 1060.0})
            await until(world, Fault.CLOSED)
            told = await before.say(b"MAIL FROM:<s@denrei.example>\r\n")
            async with connected(world) as during:
                ended = await during.reply()
        clock.now = 1061.0
        await until(world)
        async with connected(world) as after:
            taken = await after.mail(LUCKY)

    assert ("421", "") == (told[:3], ended)
    assert ["250", "354", "250"] == [reply[:3] for reply in taken]
    assert ["connect", "mail"] == sorted(
        str(one["phase"]) for one in events(tmp_path / "log", "refused")
    )


async def test_some_addresses_are_refused_and_always_the_same(tmp_path: Path, file: Path) -> None:
    Control(file).write({Fault.REFUSING: 1060.0})
    world = MailWorld([], tmp_path / "log", clock=Clock(), broken=file)
    async with world, connected(world) as client:
        replies = [(await client.mail(one))[-1] for one in (UNLUCKY, LUCKY, UNLUCKY)]

    assert ["550", "250", "550"] == [reply[:3] for reply in replies]
    assert replies[0] == f"550 5.7.1 <{UNLUCKY}>: Message refused by policy"


def test_about_three_in_ten_are_unlucky() -> None:
    unlucky = sum(faults.is_unlucky(f"a{n}@b.example") for n in range(1000))

    assert 250 < unlucky < 350


def test_a_slow_server_thinks_before_each_answer_and_keeps_its_rules() -> None:
    slow = faults.at({Fault.SLOW: 2.0}, 1.0)
    own = Rule(match="x", hidden=True, seconds=9.0)

    assert faults.SLOW_SECONDS == slow.upon(LUCKY, Rule(match="*")).seconds
    assert own == slow.upon(LUCKY, own)


@pytest.mark.parametrize("said", [{}, {"closed": 1.0}, {"closed": 0, "other": 9.0}])
def test_what_is_over_or_unknown_breaks_nothing(said: dict[str, float]) -> None:
    assert faults.NOTHING is faults.at(said, 1.0)


def test_a_control_is_read_anew_only_when_it_was_written(file: Path) -> None:
    reader, writer = Control(file), Control(file)

    before = reader.read()
    writer.write({"a": 1})
    first, again = reader.read(), reader.read()
    writer.write({"a": 2})

    assert ({}, {"a": 1}, {"a": 2}) == (before, first, reader.read())
    assert first is again
    assert [file] == list(file.parent.iterdir())
