"""Whatever a server answers to whom, each message ends with the reply that was its own."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from denrei.channels import Accepted, SendError
from denrei.domain.states import Phase
from tests.channels.smtp.relay import Talk, fates, outgoing, relay, smtp


class Answers(NamedTuple):
    """What the server says to one message."""

    mail: bool
    rcpt: bool
    data: bool
    final: bool
    #: Whether DATA opens although nobody may receive (RFC 2920, 3.1).
    opens_anyway: bool
    #: Whether each reply has several lines.
    is_long: bool


ANSWERS = st.builds(Answers, *[st.booleans()] * 6)
REFUSALS = {"mail": "550", "rcpt": "551", "data": "451", "final": "554"}


class Judge:
    """The server's side: answers each message as its table says, with its number in the reply."""

    def __init__(self, table: list[Answers]) -> None:
        self._table = table
        self.taken: list[int] = []

    async def script(self, talk: Talk, *offers: str) -> None:
        """Serve one connection."""
        await talk.greet(*offers)
        number, refused = 0, ""
        while True:
            command = await talk.hear()
            if command.startswith(b"MAIL"):
                number, refused = int(command.split(b"@")[0].rpartition(b"t")[2]), ""
            if command == b"RSET":
                await talk.say("250 reset")
                continue
            stage = command[:4].decode().lower()
            says = self._table[number - 1]
            is_yes = getattr(says, stage) and not refused
            if stage == "data" and (is_yes or says.opens_anyway):
                await talk.say("354 go on")
                await self._final(talk, number, refused)
            else:
                refused = refused or ("" if is_yes else stage)
                await self._say(talk, number, "250" if is_yes else REFUSALS[stage])

    async def _final(self, talk: Talk, number: int, refused: str) -> None:
        text = await talk.text()
        says = self._table[number - 1]
        if refused:
            assert text == []
        elif says.final:
            self.taken.append(number)
        await self._say(talk, number, "250" if says.final and not refused else REFUSALS["final"])

    async def _say(self, talk: Talk, number: int, code: str) -> None:
        if self._table[number - 1].is_long:
            await talk.say(f"{code}-for", f"{code} {number}")
        else:
            await talk.say(f"{code} {number}")


def expected(says: Answers) -> str:
    """Return the code with which a message must end."""
    stages = [stage for stage in ("mail", "rcpt") if not getattr(says, stage)]
    if stages:
        return REFUSALS[stages[0]]
    if not says.data:
        return "451" if not says.opens_anyway else "250" if says.final else "554"
    return "250" if says.final else "554"


def told(sent: Accepted | SendError) -> tuple[str, str]:
    """Return the code and the number that a message ended with."""
    reply = sent.reply if isinstance(sent, Accepted) else sent.detail.partition(": ")[2]
    assert isinstance(sent, Accepted) or sent.phase is Phase.ANSWERED
    return reply[:3], reply.split()[-1]


@pytest.mark.parametrize("offers", [(), ("PIPELINING",)], ids=["lockstep", "pipelined"])
@given(table=st.lists(ANSWERS, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_each_message_ends_with_its_own_reply(
    offers: tuple[str, ...], table: list[Answers]
) -> None:
    judge = Judge(table)

    async def run() -> list[Accepted | SendError]:
        async with (
            relay(lambda talk: judge.script(talk, *offers)) as server,
            smtp(server.port).open() as sender,
        ):
            numbers = range(1, len(table) + 1)
            return await fates(sender, *(outgoing(number) for number in numbers))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        ends = runner.run(run())
    numbered = list(enumerate(table, 1))

    assert [(expected(says), str(number)) for number, says in numbered] == [*map(told, ends)]
    assert [number for number, says in numbered if expected(says) == "250"] == judge.taken
