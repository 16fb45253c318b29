"""The simulator: outcomes by rule and try, nobody reached, nonsense refused."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest

from denrei.channels import (
    Accepted,
    Callback,
    Content,
    Outgoing,
    SendError,
    WithheldError,
    poster,
)
from denrei.channels.simulator import Simulator
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.states import Phase

CONTENT = Content(key="1", subject="地震発生", body="本文\n", language="ja")


def outgoing(address: str, correlation: str = "1.1", *, alive: bool = True) -> Outgoing:
    """Return a message to an address."""
    return Outgoing(
        delivery=1,
        correlation=correlation,
        return_token="t",
        address=address,
        content=CONTENT,
        url="https://anpi.example.jp/r/t",
        alive=lambda: alive,
    )


async def tried(simulator: Simulator, *messages: Outgoing) -> list[str]:
    """Return what becomes of messages sent one after the other: a word or a reason's name."""
    told = []
    async with simulator.open() as sender:
        for message in messages:
            try:
                told.append((await sender.send(message)).reply)
            except SendError as error:
                told.append(error.reason.name)
    return told


async def test_without_a_rule_everything_is_accepted() -> None:
    assert ["accepted"] == await tried(Simulator(), outgoing("a@example.jp"))


async def test_each_message_has_a_name_at_the_provider() -> None:
    async with Simulator().open() as sender:
        accepted = [await sender.send(outgoing("a@example.jp")) for _ in range(2)]

    assert [
        Accepted(reply="accepted", provider_id="sim-1"),
        Accepted(reply="accepted", provider_id="sim-2"),
    ] == accepted


async def test_a_sender_that_only_sends_can_be_posted_to() -> None:
    told: list[str] = []
    async with Simulator(rules={"b@": ["CONNECTION"]}).open() as sender:
        for address in ("a@example.jp", "b@example.jp"):
            poster(sender)(outgoing(address), lambda how: told.append(type(how).__name__))
        for _ in range(5):
            await asyncio.sleep(0)

    assert ["Accepted", "SendError"] == told


@pytest.mark.parametrize(
    ("rules", "tries", "expected"),
    [
        pytest.param({"full@": ["MAILBOX_FULL"]}, 2, ["MAILBOX_FULL"] * 2, id="the last repeats"),
        pytest.param(
            {"full@": ["MAILBOX_FULL", "accept"]}, 3, ["MAILBOX_FULL", "accepted", "accepted"],
            id="one after the other",
        ),
        pytest.param({"nobody@": ["UNKNOWN_USER"]}, 1, ["accepted"], id="another address"),
        pytest.param(
            {"example": ["BUSY"], "full@": ["REJECTED"]}, 1, ["BUSY"], id="the first rule counts"
        ),
    ],
)  # fmt: skip
async def test_a_rule_tells_the_outcome_of_each_try(
    rules: dict[str, list[str]], tries: int, expected: list[str]
) -> None:
    simulator = Simulator(rules=rules)

    assert expected == await tried(simulator, *[outgoing("full@example.jp")] * tries)


async def test_every_delivery_has_tries_of_its_own() -> None:
    simulator = Simulator(rules={"full@": ["MAILBOX_FULL", "accept"]})
    messages = [outgoing("full@example.jp", name) for name in ("1.1", "1.2", "1.1")]

    assert ["MAILBOX_FULL", "MAILBOX_FULL", "accepted"] == await tried(simulator, *messages)


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.NONE])
async def test_a_refusal_is_as_retryable_as_its_reason(reason: Reason) -> None:
    async with Simulator(rules={"@": [reason.name]}).open() as sender:
        with pytest.raises(SendError) as refused:
            await sender.send(outgoing("a@example.jp"))

    assert (reason, CONSEQUENCES[reason].retryable) == (
        refused.value.reason,
        refused.value.retryable,
    )
    assert (Phase.IN_DOUBT if reason is Reason.IN_DOUBT else Phase.ANSWERED) == refused.value.phase


async def test_what_is_not_alive_is_withheld_and_uses_up_no_try() -> None:
    async with Simulator(rules={"@": ["BUSY", "accept"]}).open() as sender:
        with pytest.raises(WithheldError):
            await sender.send(outgoing("a@example.jp", alive=False))
        with pytest.raises(SendError, match="BUSY"):
            await sender.send(outgoing("a@example.jp"))


async def test_a_delay_can_be_cut_short() -> None:
    async with Simulator(delay=60.0).open() as sender:
        sending = asyncio.ensure_future(sender.send(outgoing("a@example.jp")))
        await asyncio.sleep(0)
        sending.cancel()

        with pytest.raises(asyncio.CancelledError):
            await sending


async def test_it_says_how_many_it_takes_at_once_and_nothing_by_itself() -> None:
    callback = Callback(method="POST", path="/", query={}, headers={}, body=b"")

    async with Simulator(lines=7).open() as sender:
        told = [outcome async for outcome in sender.listen()]

    assert (7, [], ()) == (sender.capacity, told, Simulator().outcomes(callback))


@pytest.mark.parametrize(
    "nonsense",
    [
        {"rules": {"a": ["EXPLODED"]}},
        {"rules": {"a": ["NONE"]}},
        {"rules": {"a": []}},
        {"rules": {"a": "accept"}},
        {"rules": {"a": [1]}},
        {"rules": ["a"]},
        {"rules": None},
        {"delay": -1.0},
        {"delay": math.nan},
        {"delay": 3601.0},
        {"delay": "1"},
        {"lines": 0},
        {"lines": 1.5},
        {"lines": True},
    ],
    ids=repr,
)
def test_nonsense_is_refused_in_japanese(nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"(です|ください)"):
        Simulator(**nonsense)
