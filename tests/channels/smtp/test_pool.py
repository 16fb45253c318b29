"""Connections are shared, renewed and given up without losing a message or hammering a server."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest

from denrei.channels import Accepted, Secret, SendError, WithheldError, poster
from denrei.domain.failures import Reason
from denrei.domain.states import Phase
from tests.channels.smtp.relay import Talk, fate, fates, on_both_loops, outgoing, relay, smtp


async def obliging(talk: Talk) -> None:
    """Take every message."""
    await talk.greet("PIPELINING")
    while True:
        await talk.take_one()


def no_jitter() -> float:
    """Return the shortest pause."""
    return 0.0


async def soon(done: object, tries: int = 500) -> None:
    """Wait until `done()` is true."""
    assert callable(done)
    for _ in range(tries):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never happened")


@on_both_loops
async def test_connections_are_kept_and_shared() -> None:
    async with relay(obliging) as server, smtp(server.port, connections=3).open() as sender:
        ends = await fates(sender, *(outgoing(number) for number in range(200)))

        assert all(isinstance(one, Accepted) for one in ends)
        assert 3 == len(server.talks)
        assert 200 == sum(line.startswith(b"MAIL") for line in server.heard)
        assert sender.capacity >= 3 * 3


@on_both_loops
async def test_no_connection_is_made_before_there_is_a_message() -> None:
    async with relay(obliging) as server:
        async with smtp(server.port).open():
            await asyncio.sleep(0.02)
        assert [] == server.talks


@on_both_loops
async def test_one_message_needs_one_connection() -> None:
    async with relay(obliging) as server, smtp(server.port, connections=5).open() as sender:
        for number in range(3):
            await sender.send(outgoing(number))

        assert 1 == len(server.talks)


@on_both_loops
async def test_what_waits_fails_together_when_nobody_answers() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with smtp(unused.getsockname()[1], connections=4).open() as sender:
            ends = await fates(sender, *(outgoing(number) for number in range(50)))

    assert {(Reason.CONNECTION, Phase.UNSENT, True)} == {
        (one.reason, one.phase, one.retryable) for one in ends if isinstance(one, SendError)
    }
    assert 50 == len(ends)


@on_both_loops
async def test_after_a_failed_round_one_connection_is_tried_at_a_time() -> None:
    async def refusing(talk: Talk) -> None:
        await talk.say("421 too many connections")

    async with (
        relay(refusing) as server,
        smtp(server.port, connections=4).open(jitter=no_jitter) as sender,
    ):
        for _ in range(3):
            ends = await fates(sender, *(outgoing(number) for number in range(20)))
            assert {Reason.THROTTLED} == {one.reason for one in ends if isinstance(one, SendError)}

        assert 4 + 1 + 1 == len(server.talks)


@on_both_loops
async def test_after_a_recovery_all_connections_come_back() -> None:
    calls = 0

    async def recovering(talk: Talk) -> None:
        nonlocal calls
        calls += 1
        if calls <= 2:
            talk.cut()
            return
        await obliging(talk)

    async with (
        relay(recovering) as server,
        smtp(server.port, connections=2).open(jitter=no_jitter) as sender,
    ):
        first = await fates(sender, outgoing(1), outgoing(2))
        second = await fates(sender, *(outgoing(number) for number in range(400)))

        assert [SendError, SendError] == [type(one) for one in first]
        assert {Accepted} == {type(one) for one in second}
        assert 4 == len(server.talks)


@on_both_loops
async def test_a_fault_of_one_connection_leaves_the_others_their_work() -> None:
    calls = 0

    async def half_dead(talk: Talk) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            await talk.say("554 not you")
            return
        await obliging(talk)

    async with relay(half_dead) as server, smtp(server.port, connections=2).open() as sender:
        ends = await fates(sender, *(outgoing(number) for number in range(40)))

        assert {Accepted} == {type(one) for one in ends}


@on_both_loops
async def test_a_server_may_close_an_idle_connection() -> None:
    async def brisk(talk: Talk) -> None:
        await talk.greet()
        await talk.take_one()
        talk.hang_up()

    async with relay(brisk) as server, smtp(server.port).open() as sender:
        for number in range(3):
            assert isinstance(await fate(sender.send(outgoing(number))), Accepted)
            await asyncio.sleep(0.02)

        assert 3 == len(server.talks)


@on_both_loops
async def test_a_server_may_say_goodbye_to_an_idle_connection() -> None:
    async def brisk(talk: Talk) -> None:
        await talk.greet()
        await talk.take_one()
        await talk.say("421 idle for too long")
        await talk.gulp()

    async with relay(brisk) as server, smtp(server.port).open() as sender:
        for number in range(3):
            assert isinstance(await fate(sender.send(outgoing(number))), Accepted)
            await asyncio.sleep(0.02)


@on_both_loops
async def test_a_message_that_meets_a_closed_connection_goes_by_another() -> None:
    async def deaf(talk: Talk) -> None:
        await talk.greet()
        if len(server.talks) < 5:
            await talk.take_one()
        await talk.hear()
        talk.cut()

    async with relay(deaf) as server, smtp(server.port).open() as sender:
        first = await fate(sender.send(outgoing(1)))
        second = await fate(sender.send(outgoing(2)))

        assert [Accepted, Accepted] == [type(first), type(second)]
        assert 2 == len(server.talks)


@on_both_loops
async def test_a_message_may_meet_closed_connections_only() -> None:
    each_has_one = asyncio.Barrier(3)

    async def deaf(talk: Talk) -> None:
        is_new = len(server.talks) > 3
        await talk.greet()
        if not is_new:
            await each_has_one.wait()
        await talk.take_one()
        await talk.hear()
        talk.cut()

    async with relay(deaf) as server, smtp(server.port, connections=3).open() as sender:
        await fates(sender, *(outgoing(number) for number in (1, 2, 3)))

        assert isinstance(await fate(sender.send(outgoing(4))), Accepted)
        assert 4 == len(server.talks)


@on_both_loops
async def test_an_idle_connection_is_closed_in_order() -> None:
    async def patient(talk: Talk) -> None:
        await talk.greet()
        await talk.take_one()
        await talk.hear()
        await talk.say("221 bye")
        await talk.gulp()

    async with (
        relay(patient) as server,
        smtp(server.port, idle_timeout=0.05).open() as sender,
    ):
        assert isinstance(await fate(sender.send(outgoing(1))), Accepted)
        await soon(lambda: server.heard[-1] == b"QUIT")
        assert isinstance(await fate(sender.send(outgoing(2))), Accepted)

        assert 2 == len(server.talks)


@on_both_loops
async def test_what_is_posted_is_told_once_how_it_ended() -> None:
    told: dict[int, Accepted | BaseException] = {}

    def post(number: int, *, alive: bool = True) -> None:
        def ended(how: Accepted | BaseException) -> None:
            assert number not in told
            told[number] = how
            if number == 1:
                post(4)  # what an ending makes place for goes out like the others

        poster(sender)(outgoing(number, alive=lambda: alive), ended)

    async with relay(obliging) as server, smtp(server.port).open() as sender:
        for number in (1, 2):
            post(number)
        post(3, alive=False)
        await soon(lambda: len(told) == 4)
    post(5)

    assert [Accepted, Accepted, WithheldError, Accepted, SendError] == [
        type(told[number]) for number in (1, 2, 3, 4, 5)
    ]
    assert not [line for line in server.heard if b"person3" in line]


@on_both_loops
async def test_a_message_cancelled_while_it_waits_is_withdrawn() -> None:
    async with relay(obliging) as server, smtp(server.port).open() as sender:
        sent = [sender.send(outgoing(number)) for number in (1, 2, 3)]
        waiting = asyncio.ensure_future(sent[1])
        waiting.cancel()
        ends = [await fate(sent[0]), await fate(sent[2])]

        assert [Accepted, Accepted] == [type(one) for one in ends]
        assert not [line for line in server.heard if b"person2" in line]


@on_both_loops
async def test_a_message_cancelled_after_its_envelope_gets_no_text() -> None:
    go_on = asyncio.Event()

    async def slow(talk: Talk) -> None:
        await talk.greet("PIPELINING")
        await talk.hear()
        await go_on.wait()
        for _ in range(2):
            await talk.hear()
        await talk.say("250 ok", "250 ok", "354 go on")
        await talk.text()
        await talk.say("250 ok")

    async with relay(slow) as server, smtp(server.port).open() as sender:
        first = asyncio.ensure_future(sender.send(outgoing(1)))
        await soon(lambda: b"MAIL" in b"".join(server.heard))
        first.cancel()
        go_on.set()
        second = await fate(sender.send(outgoing(2)))

        assert first.cancelled()
        assert isinstance(second, Accepted)
        assert not [line for line in server.heard if line.startswith(b"To: person1@")]


@on_both_loops
async def test_a_message_cancelled_after_its_text_is_ignored_safely() -> None:
    async def slow(talk: Talk) -> None:
        await talk.greet("PIPELINING")
        await talk.take_one()
        await talk.take_one()

    async with relay(slow) as server, smtp(server.port).open() as sender:
        first = asyncio.ensure_future(sender.send(outgoing(1)))
        await soon(lambda: b"." in server.heard)
        first.cancel()

        assert isinstance(await fate(sender.send(outgoing(2))), Accepted)


@on_both_loops
async def test_leaving_ends_what_waits_and_what_is_under_way() -> None:
    async def stuck(talk: Talk) -> None:
        await talk.greet("PIPELINING")
        for reply in ("250 ok", "250 ok", "354 go on"):
            await talk.hear()
            await talk.say(reply)
        await talk.text()
        await talk.gulp()

    async with relay(stuck) as server:
        async with smtp(server.port).open() as sender:
            tasks = [
                asyncio.ensure_future(fate(sender.send(outgoing(number)))) for number in (1, 2, 3)
            ]
            await soon(lambda: b"." in server.heard)
        ends = [await task for task in tasks]
        late = await fate(sender.send(outgoing(4)))

    assert [Phase.IN_DOUBT, Phase.BEFORE, Phase.UNSENT, Phase.UNSENT] == [
        one.phase for one in (*ends, late) if isinstance(one, SendError)
    ]


@on_both_loops
async def test_leaving_while_connecting_leaves_nothing_behind() -> None:
    async def mute(talk: Talk) -> None:
        await talk.gulp()

    async with relay(mute) as server:
        async with smtp(server.port, connections=3).open() as sender:
            tasks = [asyncio.ensure_future(fate(sender.send(outgoing(n)))) for n in range(3)]
            await soon(lambda: len(server.talks) == 3)
        ends = [await task for task in tasks]

        assert {Phase.UNSENT} == {one.phase for one in ends if isinstance(one, SendError)}


@on_both_loops
async def test_the_log_names_no_person_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="denrei")

    async def refusing(talk: Talk) -> None:
        await talk.greet("AUTH PLAIN")
        await talk.hear()
        await talk.say("235 ok")
        for _ in range(2):
            await talk.hear()
            await talk.say("250 ok")
        await talk.hear()
        await talk.say("421 <person1@example.jp> kiki hidden")

    secret = {"username": "kiki", "password": Secret("hidden")}
    async with relay(refusing) as server, smtp(server.port, **secret).open() as sender:
        await fates(sender, outgoing(1))
        said = [*(str(record.__dict__) for record in caplog.records), repr(sender)]

    assert ["smtp.connection.opened", "smtp.connection.lost"] == [
        record.getMessage() for record in caplog.records if record.name.startswith("denrei")
    ]
    assert not [one for one in said if "person1" in one or "hidden" in one or "kiki" in one]
