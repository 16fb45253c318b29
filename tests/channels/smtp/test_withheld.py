"""Messages that are stopped on their way, and items that can't be written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from denrei.channels import Accepted, SendError, WithheldError
from denrei.domain.failures import Reason
from denrei.domain.states import Phase
from tests.channels.smtp.relay import Talk, fates, on_both_loops, outgoing, relay, smtp
from tests.channels.smtp.test_session import OFFERS, PIPELINING, ending


def answers(*values: bool) -> Iterator[bool]:
    """Return what `alive` says, one value for each question; the last stays."""
    yield from values
    while True:
        yield values[-1]


@pytest.mark.spec("EMC-5")
@pytest.mark.parametrize("offers", OFFERS)
@on_both_loops
async def test_a_message_stopped_while_it_waited_is_not_written(offers: tuple[str, ...]) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(*offers)
        await talk.take_one()

    async with relay(script) as server, smtp(server.port).open() as sender:
        ends = await fates(sender, outgoing(1, alive=lambda: False), outgoing(2))

        assert isinstance(ends[0], WithheldError)
        assert isinstance(ends[1], Accepted)
        assert not [line for line in server.heard if b"person1" in line]


@pytest.mark.spec("EMC-5")
@pytest.mark.parametrize("offers", OFFERS)
@on_both_loops
async def test_a_message_stopped_before_its_text_takes_the_connection_with_it(
    offers: tuple[str, ...],
) -> None:
    asked = 0

    def alive() -> bool:
        nonlocal asked
        asked += 1
        return asked < (2 if offers else 4)

    async def script(talk: Talk) -> None:
        await talk.greet(*offers)
        for reply in ("250 ok", "250 ok", "354 go on"):
            await talk.hear()
            await talk.say(reply)
        await talk.text()
        await talk.say("250 ok")

    async with relay(script) as server, smtp(server.port).open() as sender:
        ends = await fates(sender, outgoing(1, alive=alive), outgoing(2))

        assert isinstance(ends[0], WithheldError)
        assert isinstance(ends[1], Accepted)
        assert [4, 3] == [
            sum(line[:4] in {b"EHLO", b"MAIL", b"RCPT", b"DATA"} for line in server.talks[0].heard),
            sum(line[:4] in {b"MAIL", b"RCPT", b"DATA"} for line in server.talks[1].heard),
        ]
        assert not [line for line in server.heard if line.startswith(b"To: person1@")]


@pytest.mark.spec("EMC-5")
@on_both_loops
async def test_in_lockstep_a_message_can_be_stopped_between_commands() -> None:
    said = answers(True, False)

    async def script(talk: Talk) -> None:
        await talk.greet()
        for _ in ("MAIL", "RSET"):
            await talk.hear()
            await talk.say("250 ok")
        await talk.take_one()

    async with relay(script) as server, smtp(server.port).open() as sender:
        ends = await fates(sender, outgoing(1, alive=lambda: next(said)), outgoing(2))

        assert isinstance(ends[0], WithheldError)
        assert isinstance(ends[1], Accepted)
        assert b"RSET" == server.heard[2]


@on_both_loops
async def test_an_item_that_cannot_be_written_does_not_stop_the_others() -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(PIPELINING, "SIZE 3000")
        while True:
            await talk.take_one()

    long = outgoing(2, url="https://x.example/" + "a" * 1_950, address="a@b.jp")
    async with relay(script) as server, smtp(server.port, size_limit=2_000).open() as sender:
        ends = await fates(sender, outgoing(1), long, outgoing(3, address="no\n@x"), outgoing(4))

        assert [Accepted, SendError, SendError, Accepted] == [type(one) for one in ends]
        assert (Reason.TOO_LARGE, Phase.UNSENT, False) == ending(ends[1])
        assert (Reason.BAD_ADDRESS, Phase.UNSENT, False) == ending(ends[2])
