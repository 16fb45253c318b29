"""The mail world speaks SMTP: strictly, in order, and whatever pieces the bytes come in."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from denrei.project.demo import rules
from denrei.project.demo.mailworld import MailWorld
from tests.project.demo.client import BODY, Client, connected, events, one, received


async def test_ehlo_names_the_extensions(log: Path) -> None:
    async with MailWorld([], log) as world, connected(world) as client:
        reply = await client.say(b"EHLO x\r\n")

    words = {line[4:].split(" ")[0] for line in reply.split("|")}
    expected = {"PIPELINING", "SIZE", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8"}
    assert expected <= words


async def test_messages_in_one_pipeline_are_each_answered_in_order(log: Path) -> None:
    group = b"MAIL FROM:<s@x.example>\r\nRCPT TO:<%s@b.example>\r\nDATA\r\n"
    async with MailWorld(rules.BY_SUFFIX, log) as world, connected(world) as client:
        replies = [(await client.say(group % b"a"))[:3]]
        replies += [(await client.reply())[:3] for _ in range(2)]
        client.writer.write(BODY + group % b"b+au-unknown" + b"RSET\r\n")
        replies += [(await client.reply())[:3] for _ in range(5)]

    assert replies == ["250", "250", "354", "250", "250", "550", "554", "250"]
    assert received(log) == ["a@b.example"]


@pytest.mark.parametrize("step", [1, 2, 3, 7])
async def test_bytes_may_come_in_any_pieces(log: Path, step: int) -> None:
    script = b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n" + BODY
    async with MailWorld([], log) as world, connected(world) as client:
        for start in range(0, len(script), step):
            client.writer.write(script[start : start + step])
            await asyncio.sleep(0)
        replies = [(await client.reply())[:3] for _ in range(5)]

    assert replies == ["250", "250", "250", "354", "250"]
    assert events(log, "accepted")[0]["urls"] == ["https://a.example/r/x"]


async def test_an_empty_body_is_a_message(log: Path) -> None:
    replies = await one([], log, "a@b.example", b".\r\n")

    assert replies[-1].startswith("250")
    assert received(log) == ["a@b.example"]


async def test_a_message_past_the_limit_is_refused_and_the_session_goes_on(log: Path) -> None:
    async with MailWorld([], log, size=1000) as world, connected(world) as client:
        big = await client.mail("a@b.example", b"x" * 500_000 + b"\r\n.\r\n")
        declared = await client.say(b"MAIL FROM:<> SIZE=1001\r\n")
        small = await client.mail("a@b.example")

    assert [big[-1][:3], declared[:3], small[-1][:3]] == ["552", "552", "250"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([b"MAIL FROM:<>"], "503", id="MAIL before EHLO"),
        pytest.param([b"EHLO x", b"RCPT TO:<a@b.example>"], "503", id="RCPT before MAIL"),
        pytest.param([b"EHLO x", b"DATA"], "503", id="DATA before MAIL"),
        pytest.param([b"EHLO x", b"MAIL FROM:<>", b"DATA"], "554", id="DATA without RCPT"),
        pytest.param([b"EHLO x", b"MAIL FROM:<>", b"MAIL FROM:<>"], "503", id="MAIL twice"),
        pytest.param([b"EHLO x", b"MAIL FROM:a@b.example"], "501", id="no brackets"),
        pytest.param([b"EHLO x", b"MAIL FROM:<> X=1"], "555", id="unknown parameter"),
        pytest.param([b"EHLO x", b"MAIL FROM:<>", b"RCPT TO:<>"], "501", id="empty recipient"),
        pytest.param(
            [b"EHLO x", b"MAIL FROM:<>", b"RCPT TO:<a..b@docomo.example>"],
            "501",
            id="legacy address without quotes",
        ),
        pytest.param(
            [b"EHLO x", b"MAIL FROM:<>", b'RCPT TO:<"a..b"@docomo.example>'],
            "250",
            id="legacy address in quotes",
        ),
        pytest.param(
            [b"EHLO x", b"MAIL FROM:<>", "RCPT TO:<あ@b.example>".encode()], "553", id="no SMTPUTF8"
        ),
        pytest.param(
            [b"EHLO x", b"MAIL FROM:<> SMTPUTF8", "RCPT TO:<あ@b.example>".encode()],
            "250",
            id="SMTPUTF8",
        ),
        pytest.param([b"DATAX"], "500", id="unknown command"),
        pytest.param([b"x" * 5000], "500", id="endless line"),
        pytest.param([b"QUIT"], "221", id="QUIT"),
    ],
)
async def test_the_server_is_strict(log: Path, lines: list[bytes], expected: str) -> None:
    reply = ""
    async with MailWorld([], log) as world:
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
        client = Client(reader, writer)
        await client.reply()
        for line in lines:
            reply = await client.say(line + b"\r\n")
        writer.close()
        await writer.wait_closed()

    assert reply[:3] == expected
