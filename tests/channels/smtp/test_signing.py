"""Signing beside the loop: what arrives is genuine, and what is not signed in time ends as unsent."""

from __future__ import annotations

import asyncio

import pytest

from denrei.channels import Accepted, SendError
from denrei.domain.failures import Reason
from denrei.domain.states import Phase
from tests.channels.smtp.relay import Talk, fates, on_both_loops, outgoing, relay, smtp
from tests.channels.smtp.test_dkim import is_genuine, signing
from tests.channels.smtp.test_pool import obliging


def texts(heard: list[bytes]) -> list[bytes]:
    """Return the messages of a dialogue as the server keeps them."""
    found: list[list[bytes]] = []
    is_text = False
    for line in heard:
        if is_text and line != b".":
            found[-1].append(line.removeprefix(b"."))
        elif is_text:
            is_text = False
        elif line == b"DATA":
            is_text = True
            found.append([])
    return [b"\r\n".join(one) + b"\r\n" for one in found]


@on_both_loops
async def test_every_message_arrives_signed() -> None:
    settings = signing("rsa", connections=3)
    async with relay(obliging) as server, smtp(server.port, **settings).open() as sender:
        ends = await fates(sender, *(outgoing(number) for number in range(30)))

    assert all(isinstance(one, Accepted) for one in ends)
    arrived = [text for talk in server.talks for text in texts(talk.heard)]
    assert 30 == len(arrived)
    assert all(is_genuine(text, "rsa") for text in arrived)


@on_both_loops
async def test_a_server_without_8bit_and_pipelining_gets_the_same_signed_text() -> None:
    async def plain(talk: Talk) -> None:
        await talk.greet()
        await talk.take_one()

    async with relay(plain) as server, smtp(server.port, **signing()).open() as sender:
        (end,) = await fates(sender, outgoing())

    assert isinstance(end, Accepted)
    (text,) = texts(server.talks[0].heard)
    assert is_genuine(text)


@on_both_loops
async def test_what_is_not_signed_when_the_gateway_closes_is_unsent() -> None:
    async with relay(obliging) as server:
        async with smtp(server.port, **signing("rsa")).open() as sender:
            sent = [asyncio.ensure_future(sender.send(outgoing(number))) for number in range(50)]
        ends = await asyncio.gather(*sent, return_exceptions=True)

    assert 50 == len(ends)
    for end in ends:
        assert isinstance(end, SendError)
        assert (Reason.CONNECTION, Phase.UNSENT) == (end.reason, end.phase)
    assert [] == [text for talk in server.talks for text in texts(talk.heard)]


@on_both_loops
async def test_what_cannot_be_composed_fails_before_it_is_signed() -> None:
    async with relay(obliging) as server, smtp(server.port, **signing()).open() as sender:
        with pytest.raises(SendError) as refused:
            await sender.send(outgoing(correlation="C"))

        assert (Reason.CONTENT, Phase.UNSENT) == (refused.value.reason, refused.value.phase)
        assert [] == server.talks


@on_both_loops
async def test_a_message_withdrawn_while_it_is_signed_is_not_sent() -> None:
    async with relay(obliging) as server, smtp(server.port, **signing("rsa")).open() as sender:
        first = asyncio.ensure_future(sender.send(outgoing(1)))
        first.cancel()
        (end,) = await fates(sender, outgoing(2))

        assert isinstance(end, Accepted)
        assert first.cancelled()
    (text,) = [text for talk in server.talks for text in texts(talk.heard)]
    assert b"To: person2@" in text
