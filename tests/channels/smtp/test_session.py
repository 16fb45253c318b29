"""Each message ends as it must, whatever the server does to the connection."""

from __future__ import annotations

import asyncio

import pytest

from denrei.channels import Accepted, SendError
from denrei.domain.failures import Reason
from denrei.domain.states import Phase
from tests.channels.smtp.relay import Talk, fate, fates, on_both_loops, outgoing, relay, smtp

PIPELINING = "PIPELINING"
OFFERS = [pytest.param((), id="lockstep"), pytest.param((PIPELINING,), id="pipelined")]
IN_DOUBT = (Reason.IN_DOUBT, Phase.IN_DOUBT, True)
CUT = (Reason.CONNECTION, Phase.BEFORE, True)


def ending(sent: Accepted | SendError) -> tuple[Reason, Phase, bool]:
    """Return what the ledger records of a failure."""
    assert isinstance(sent, SendError), sent
    return sent.reason, sent.phase, sent.retryable


async def hear_until(talk: Talk, *ends: bytes) -> None:
    """Read up to a line that begins with one of `ends`; answer what comes before it."""
    answers = {b"MAIL": "250 ok", b"RCPT": "250 ok", b"DATA": "354 go on", b"RSET": "250 ok"}
    while True:
        word = (await talk.hear())[:4]
        if word in ends:
            return
        if word in answers:
            await talk.say(answers[word])


@on_both_loops
async def test_a_message_is_handed_over_and_the_reply_kept() -> None:
    async def script(talk: Talk) -> None:
        await talk.greet()
        await talk.take_one(last="250 2.0.0 Ok: queued as 4F3")

    async with relay(script) as server, smtp(server.port).open() as sender:
        assert [Accepted(reply="250 2.0.0 Ok: queued as 4F3")] == await fates(sender, outgoing())
        assert [] == [outcome async for outcome in sender.listen()]


@pytest.mark.parametrize("offers", OFFERS)
@pytest.mark.parametrize(
    ("at", "expected"),
    [(b"MAIL", CUT), (b"RCPT", CUT), (b"DATA", CUT), (b".", IN_DOUBT)],
    ids=["at MAIL", "at RCPT", "at DATA", "after the dot"],
)
@on_both_loops
async def test_a_cut_is_in_doubt_only_after_the_dot(
    at: bytes, expected: tuple[Reason, Phase, bool], offers: tuple[str, ...]
) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(*offers)
        await hear_until(talk, at)
        talk.cut()

    async with relay(script) as server, smtp(server.port).open() as sender:
        assert [expected] == [ending(one) for one in await fates(sender, outgoing())]


@on_both_loops
async def test_the_envelope_behind_a_cut_message_is_free_to_retry() -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(PIPELINING)
        await hear_until(talk, b".")
        for _ in range(3):
            await talk.hear()
        talk.cut()

    async with relay(script) as server, smtp(server.port).open() as sender:
        ends = await fates(sender, outgoing(1), outgoing(2))

        assert [IN_DOUBT, CUT] == [ending(one) for one in ends]


@pytest.mark.parametrize("offers", OFFERS)
@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (b"MAIL", Phase.BEFORE),
        (b"RCPT", Phase.BEFORE),
        (b"DATA", Phase.BEFORE),
        (b".", Phase.ANSWERED),
    ],
)
@pytest.mark.parametrize(
    ("reply", "reason"),
    [("421 shutting down", Reason.CONNECTION), ("421 too many messages", Reason.THROTTLED)],
)
@on_both_loops
async def test_a_421_at_any_time_is_tried_again(
    at: bytes, phase: Phase, reply: str, reason: Reason, offers: tuple[str, ...]
) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(*offers)
        await hear_until(talk, at)
        await talk.say(reply)
        await talk.gulp()

    async with relay(script) as server, smtp(server.port).open() as sender:
        assert [(reason, phase, True)] == [ending(one) for one in await fates(sender, outgoing())]


@pytest.mark.parametrize("offers", OFFERS)
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (b"MAIL", (Reason.TIMEOUT, Phase.BEFORE, True)),
        (b"RCPT", (Reason.TIMEOUT, Phase.BEFORE, True)),
        (b"DATA", (Reason.TIMEOUT, Phase.BEFORE, True)),
        (b".", IN_DOUBT),
    ],
)
@on_both_loops
async def test_silence_is_not_waited_for_for_ever(
    at: bytes, expected: tuple[Reason, Phase, bool], offers: tuple[str, ...]
) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(*offers)
        await hear_until(talk, at)
        while await talk.gulp():
            pass

    short = {"command_timeout": 0.1, "data_timeout": 0.1, "final_timeout": 0.1}
    async with relay(script) as server, smtp(server.port, **short).open() as sender:
        assert [expected] == [ending(one) for one in await fates(sender, outgoing())]


@pytest.mark.parametrize(
    "reply",
    [
        "garbage",
        "999 no such class",
        "25x ok",
        "",
        "250-a\r\n550 b",
        "150 no such class",
        "354 not now",
    ],
)
@pytest.mark.parametrize(("at", "expected"), [(b"MAIL", CUT), (b".", IN_DOUBT)])
@on_both_loops
async def test_what_is_no_reply_ends_the_connection(
    reply: str, at: bytes, expected: tuple[Reason, Phase, bool]
) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(PIPELINING)
        await hear_until(talk, at)
        await talk.say(reply)
        await talk.gulp()

    async with relay(script) as server, smtp(server.port).open() as sender:
        assert [expected] == [ending(one) for one in await fates(sender, outgoing())]


@on_both_loops
async def test_a_yes_to_data_is_no_invitation() -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(PIPELINING)
        await hear_until(talk, b"DATA")
        await talk.say("250 ok")
        await talk.gulp()

    async with relay(script) as server, smtp(server.port).open() as sender:
        assert [CUT] == [ending(one) for one in await fates(sender, outgoing())]


@pytest.mark.parametrize("piece", [b"x" * 1_000, b"250-more\r\n"], ids=["one line", "many lines"])
@on_both_loops
async def test_a_reply_without_end_is_cut_off(piece: bytes) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet()
        await hear_until(talk, b"MAIL")
        await talk.write(b"250-")
        while True:
            await talk.write(piece * 100)

    async with relay(script) as server, smtp(server.port).open() as sender:
        assert [CUT] == [ending(one) for one in await fates(sender, outgoing())]


@pytest.mark.parametrize(
    "reply",
    [b"250 " + b"x" * 1_000_000 + b"\r\n", b"250-more of it\r\n" * 70_000 + b"250 ok\r\n"],
    ids=["one line", "many lines"],
)
@on_both_loops
async def test_a_reply_of_a_megabyte_is_still_an_answer(reply: bytes) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(PIPELINING)
        for number in range(2):
            await hear_until(talk, b"DATA")
            await talk.say("354 go on")
            await talk.text()
            await talk.write(reply if number == 0 else b"250 ok\r\n")
        await talk.gulp()

    async with relay(script) as server, smtp(server.port).open() as sender:
        found = await fates(sender, outgoing(1), outgoing(2))

    assert [Accepted, Accepted] == [type(one) for one in found]
    assert len(str(found[0])) < 2_000


@on_both_loops
async def test_replies_that_come_byte_by_byte_are_read() -> None:
    async def drip(talk: Talk, text: str) -> None:
        for byte in text.encode():
            await talk.write(bytes([byte]))
            await asyncio.sleep(0)

    async def script(talk: Talk) -> None:
        await drip(talk, "220-hello\r\n220 relay.test\r\n")
        await talk.hear()
        await drip(talk, "250-relay.test\r\n250 PIPELINING\r\n")
        for reply in ("250 ok\r\n", "250-really\r\n250 ok\r\n", "354\r\n"):
            await talk.hear()
            await drip(talk, reply)
        await talk.text()
        await drip(talk, "250-well\r\n250-it is\r\n250 queued\r\n")

    async with relay(script) as server, smtp(server.port).open() as sender:
        assert [Accepted(reply="250-well\n250-it is\n250 queued")] == await fates(
            sender, outgoing()
        )


@on_both_loops
async def test_bare_line_feeds_are_read() -> None:
    async def script(talk: Talk) -> None:
        await talk.write(b"220 hello\n")
        await talk.hear()
        await talk.write(b"250 relay.test\n")
        for reply in (b"250 ok\n", b"250\n", b"354 go on\n"):
            await talk.hear()
            await talk.write(reply)
        await talk.text()
        await talk.write(b"250 ok\n")

    async with relay(script) as server, smtp(server.port).open() as sender:
        assert [Accepted(reply="250 ok")] == await fates(sender, outgoing())


@on_both_loops
async def test_without_pipelining_each_command_waits_for_its_reply() -> None:
    seen = []

    async def script(talk: Talk) -> None:
        await talk.greet("8BITMIME")
        for reply in ("250 ok", "250 ok", "354 go on", "250 ok") * 2:
            await asyncio.sleep(0.01)
            seen.append(await talk.gulp())
            await talk.say(reply)

    async with relay(script) as server, smtp(server.port).open() as sender:
        await fates(sender, outgoing(1), outgoing(2))

    assert [
        *(b"MAIL", b"RCPT", b"DATA", b"From"),
        *(b"MAIL", b"RCPT", b"DATA", b"From"),
    ] == [data[:4] for data in seen]
    assert [1, 1, 1] == [data.count(b"\r\n") for data in seen[:3]]
    assert seen[3].endswith(b"\r\n.\r\n")


@on_both_loops
async def test_pipelined_one_write_holds_a_body_and_the_next_envelope() -> None:
    seen = []

    async def script(talk: Talk) -> None:
        await talk.greet(PIPELINING, "8BITMIME")
        for replies in (3, 4, 1):
            seen.append(await talk.gulp())
            await talk.say(*["250 ok", "250 ok", "250 ok", "354 go on"][-replies:])
        await talk.gulp()

    async with relay(script) as server, smtp(server.port).open() as sender:
        ends = [asyncio.ensure_future(fate(sender.send(outgoing(number)))) for number in (1, 2)]
        await ends[0]
        ends[1].cancel()

    assert seen[0].startswith(b"MAIL FROM:<b+t1@")
    assert seen[0].endswith(b"\r\nRCPT TO:<person1@example.jp>\r\nDATA\r\n")
    body, dot, envelope = seen[1].partition(b"\r\n.\r\n")
    assert body.startswith(b"From: ")
    assert dot
    assert envelope.startswith(b"MAIL FROM:<b+t2@")
    assert envelope.endswith(b"\r\nRCPT TO:<person2@example.jp>\r\nDATA\r\n")


@pytest.mark.parametrize(
    "to_data", ["354 go on", "554 no valid recipients"], ids=["354", "refused too"]
)
@on_both_loops
async def test_a_refused_recipient_gets_no_byte_of_the_text(to_data: str) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet(PIPELINING)
        for reply in ("250 ok", "550 5.1.1 User unknown", to_data):
            await talk.hear()
            await talk.say(reply)
        await talk.hear()
        await talk.say("250 ok")
        await talk.take_one()

    async with relay(script) as server, smtp(server.port).open() as sender:
        ends = await fates(sender, outgoing(1), outgoing(2))

        assert (Reason.UNKNOWN_USER, Phase.ANSWERED, False) == ending(ends[0])
        assert isinstance(ends[1], Accepted)
        assert (b"." if to_data.startswith("3") else b"RSET") == server.heard[4]
        assert b"MAIL" == server.heard[5][:4]
        assert [b"To: person2@example.jp"] == [
            line for line in server.heard if line.startswith(b"To:")
        ]


@pytest.mark.parametrize(("at", "replies"), [(1, 1), (2, 2), (3, 3)])
@on_both_loops
async def test_in_lockstep_a_refusal_ends_the_dialogue_there(at: int, replies: int) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet()
        for number in range(1, replies + 1):
            await talk.hear()
            await talk.say("550 5.7.1 spam" if number == at else "250 ok")
        await talk.hear()
        await talk.say("250 reset")
        await talk.take_one()

    async with relay(script) as server, smtp(server.port).open() as sender:
        ends = await fates(sender, outgoing(1), outgoing(2))

        assert (Reason.POLICY, Phase.ANSWERED, at == 1) == ending(ends[0])
        assert isinstance(ends[1], Accepted)
        assert b"RSET" == server.heard[1 + replies]
