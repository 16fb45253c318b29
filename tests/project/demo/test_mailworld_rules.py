"""The mail world does to each address what its rule says."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from denrei.project.demo import rules
from denrei.project.demo.mailworld import MailWorld
from denrei.project.demo.rules import Act, Rule
from tests.project.demo.client import BODY, connected, events, one, received


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("docomo-unknown", ["550 Unknown user {address}"]),
        ("docomo-filter", ["250", "354", "550 Unknown user {address}"]),
        ("docomo-full", ["250", "354", "552 Too much mail data"]),
        ("au-unknown", ["550 <{address}>: User unknown"]),
        ("au-filter", ["250", "354", "550 <{address}>: User unknown"]),
        ("softbank-unknown", ["550 Invalid recipient: <{address}>"]),
        (
            "softbank-sender",
            ["553 5.1.8 Domain of sender address s@denrei.example does not exist"],
        ),
    ],
)
async def test_carriers_refuse_in_their_own_words(
    log: Path, name: str, expected: list[str]
) -> None:
    address = f"taro+{name}@mobile.example"

    replies = await one(rules.BY_SUFFIX, log, address)

    final = expected[-1].replace("{address}", address)
    assert [reply[:3] for reply in replies[:-1]] == expected[:-1]
    assert replies[-1] == final
    assert received(log) == []
    (event,) = events(log, "refused")
    assert (event["rcpt"], event["code"]) == (address, int(final[:3]))
    assert event["phase"] == ("rcpt" if len(expected) == 1 else "data")


async def test_a_text_of_two_lines_is_one_reply(log: Path) -> None:
    (reply,) = await one(rules.BY_SUFFIX, log, "a+gmail-full@b.example")

    first, second = reply.split("|")
    assert (first[:9], second[:9]) == ("452-4.2.2", "452 4.2.2")


async def test_a_greylisted_address_is_accepted_after_its_tries(log: Path) -> None:
    rule = Rule(match="*", act=Act.GREYLIST, code=451, text="4.7.1 later", times=2)
    async with MailWorld([rule], log) as world, connected(world) as client:
        replies = [(await client.mail("a@b.example"))[0][:3] for _ in range(3)]

    assert replies == ["451", "451", "250"]
    assert received(log) == ["a@b.example"]


async def test_a_slow_answer_comes_after_the_message_is_stored_and_logged(log: Path) -> None:
    async with (
        MailWorld([Rule(match="*", seconds=0.2)], log) as world,
        connected(world) as client,
    ):
        await client.say(b"MAIL FROM:<>\r\n")
        await client.say(b"RCPT TO:<a@b.example>\r\n")
        await client.say(b"DATA\r\n")
        client.writer.write(BODY)
        early = asyncio.create_task(client.reply())
        await asyncio.sleep(0.05)
        before = (early.done(), received(log))
        reply = await early

    assert before == (False, ["a@b.example"])
    assert reply.startswith("250")


async def test_what_follows_a_slow_answer_waits_and_keeps_its_order(log: Path) -> None:
    async with (
        MailWorld([Rule(match="slow@b.example", seconds=0.05)], log) as world,
        connected(world) as client,
    ):
        await client.mail("a@b.example")
        await client.say(b"MAIL FROM:<>\r\nRCPT TO:<slow@b.example>\r\nDATA\r\n")
        await client.reply()
        await client.reply()
        first = await client.say(BODY + b"NOOP extra\r\nVRFY x\r\n")
        others = [await client.reply(), await client.reply()]

    assert [reply[:3] for reply in [first, *others]] == ["250", "250", "252"]


async def test_a_connection_cut_while_the_body_comes_stores_nothing(log: Path) -> None:
    replies = await one(rules.BY_SUFFIX, log, "a+cut@b.example", b"Subject: half a body\r\n")

    assert replies[1:] == ["354 End data with <CR><LF>.<CR><LF>", ""]
    assert received(log) == []
    assert [event["rcpt"] for event in events(log, "dropped")] == ["a+cut@b.example"]


async def test_a_connection_dropped_after_the_dot_has_stored_the_message(log: Path) -> None:
    replies = await one(rules.BY_SUFFIX, log, "a+drop@b.example")

    assert replies[-1] == ""
    (event,) = events(log, "accepted")
    assert (event["rcpt"], event["told"]) == ("a+drop@b.example", False)


async def test_the_first_connections_are_told_421(log: Path) -> None:
    busy = Rule(match="*", act=Act.BUSY, code=421, text="4.3.2 busy", times=2)
    greetings = []
    async with MailWorld([busy], log) as world:
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
            greetings.append((await reader.readline())[:3])
            writer.close()
            await writer.wait_closed()

    assert greetings == [b"421", b"421", b"220"]
    assert [event["phase"] for event in events(log, "refused")] == ["connect", "connect"]


async def test_421_to_a_recipient_ends_the_connection(log: Path) -> None:
    rule = Rule(match="*", act=Act.REFUSE_RCPT, code=421, text="4.7.0 too many")
    async with MailWorld([rule], log) as world, connected(world) as client:
        await client.say(b"MAIL FROM:<>\r\n")
        replies = [await client.say(b"RCPT TO:<a@b.example>\r\n"), await client.reply()]

    assert replies == ["421 4.7.0 too many", ""]


async def test_a_dripping_server_sends_single_bytes_that_make_the_same_replies(log: Path) -> None:
    async with MailWorld(rules.BY_SUFFIX, log) as world, connected(world) as client:
        await client.say(b"MAIL FROM:<>\r\n")
        client.writer.write(b"RCPT TO:<a+drip@b.example>\r\nDATA\r\n")
        first = await client.reader.read(100)
        rest = await client.reader.readline()
        replies = [(first + rest)[:3].decode(), (await client.reply())[:3]]
        replies.append((await client.say(BODY))[:3])
        replies.append((await client.say(b"NOOP\r\n"))[:3])

    assert first == b"2"
    assert replies == ["250", "354", "250", "250"]


async def test_a_hidden_mail_is_accepted_and_marked(log: Path) -> None:
    replies = await one(rules.BY_SUFFIX, log, "a+au-silent@b.example")

    assert replies[-1].startswith("250")
    assert events(log, "accepted")[0]["hidden"] is True
