"""The mail world does to each address what its rule says, and its log is the truth."""

from __future__ import annotations

import asyncio
import json
import signal
import smtplib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from denrei.project.demo import rules, worldlog
from denrei.project.demo.mailworld import MailWorld
from denrei.project.demo.rules import Act, Rule

BODY = b"Message-ID: <1@denrei.example>\r\nSubject: test\r\n\r\nhttps://a.example/r/x\r\n.\r\n"


class Client:
    """A raw SMTP client: writes bytes, reads whole replies."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def reply(self) -> str:
        """Return the next reply, lines joined by a bar; "" at the end of the connection."""
        lines = []
        while line := (await asyncio.wait_for(self.reader.readline(), 5)).decode().rstrip("\r\n"):
            lines.append(line)
            if line[3:4] == " ":
                break
        return "|".join(lines)

    async def say(self, data: bytes) -> str:
        """Write bytes and return the next reply."""
        self.writer.write(data)
        return await self.reply()

    async def mail(self, address: str, body: bytes = BODY) -> list[str]:
        """Send one message step by step; return the replies of RCPT, DATA and the dot."""
        await self.say(b"MAIL FROM:<s@denrei.example>\r\n")
        replies = [await self.say(f"RCPT TO:<{address}>\r\n".encode())]
        if replies[0].startswith("2"):
            replies.append(await self.say(b"DATA\r\n"))
            replies.append(await self.say(body))
        else:
            await self.say(b"RSET\r\n")
        return replies


@asynccontextmanager
async def connected(world: MailWorld) -> AsyncIterator[Client]:
    """Open a connection and say EHLO."""
    reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
    client = Client(reader, writer)
    try:
        if (await client.reply()).startswith("220"):
            await client.say(b"EHLO denrei.example\r\n")
        yield client
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def events(log: Path, name: str) -> list[dict[str, object]]:
    """Return the events of one name."""
    return [event for event in worldlog.events(log) if event["event"] == name]


def received(log: Path) -> list[object]:
    """Return who was accepted, in order."""
    return [event["rcpt"] for event in events(log, "accepted")]


async def one(found: Iterable[Rule], log: Path, address: str, body: bytes = BODY) -> list[str]:
    """Send one message to a world of these rules."""
    async with MailWorld(found, log) as world, connected(world) as client:
        return await client.mail(address, body)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return where the world shall write."""
    return tmp_path / "world.log"


async def test_an_accepted_mail_is_logged_with_what_it_says(log: Path) -> None:
    replies = await one([], log, "a@b.example")

    assert [reply[:3] for reply in replies] == ["250", "354", "250"]
    (event,) = events(log, "accepted")
    event.pop("at")
    assert event == {
        "event": "accepted",
        "rcpt": "a@b.example",
        "sender": "s@denrei.example",
        "id": "1@denrei.example",
        "subject": "test",
        "urls": ["https://a.example/r/x"],
    }


async def test_what_people_read_is_kept_where_that_is_asked_for(log: Path) -> None:
    async with MailWorld([], log, texts=True) as world, connected(world) as client:
        await client.mail(
            "a@b.example", BODY.replace(b"Subject", b"From: City <c@d.example>\r\nSubject")
        )

    (event,) = events(log, "accepted")
    assert ("City <c@d.example>", "https://a.example/r/x") == (event["author"], event["text"])


async def test_ehlo_names_the_extensions(log: Path) -> None:
    async with MailWorld([], log) as world, connected(world) as client:
        reply = await client.say(b"EHLO x\r\n")

    words = {line[4:].split(" ")[0] for line in reply.split("|")}
    expected = {"PIPELINING", "SIZE", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8"}
    assert expected <= words


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


async def test_a_quoted_address_is_logged_as_people_write_it(log: Path) -> None:
    await one([], log, '"abc."@AU.example')

    assert received(log) == ["abc.@au.example"]


async def test_each_of_two_recipients_has_its_line(log: Path) -> None:
    async with MailWorld(rules.BY_SUFFIX, log) as world, connected(world) as client:
        await client.say(b"MAIL FROM:<>\r\n")
        await client.say(b"RCPT TO:<a@b.example>\r\n")
        await client.mail("b@b.example")

    assert received(log) == ["a@b.example", "b@b.example"]


async def test_two_recipients_are_refused_by_one_answer_and_two_lines(log: Path) -> None:
    async with MailWorld(rules.BY_SUFFIX, log) as world, connected(world) as client:
        await client.say(b"MAIL FROM:<>\r\n")
        await client.say(b"RCPT TO:<a@b.example>\r\n")
        replies = await client.mail("b+docomo-filter@b.example")
        noop = await client.say(b"NOOP\r\n")

    assert (replies[-1][:3], noop[:3]) == ("550", "250")
    assert [event["rcpt"] for event in events(log, "refused")] == [
        "a@b.example",
        "b+docomo-filter@b.example",
    ]


async def test_a_world_that_ends_cuts_its_connections_and_keeps_its_log(log: Path) -> None:
    async with MailWorld([], log) as world:
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
        await reader.readline()

    assert await reader.read() == b""
    writer.close()
    async with MailWorld([], log):
        pass


async def test_counts_are_those_of_the_log(log: Path) -> None:
    async with MailWorld(rules.BY_SUFFIX, log) as world, connected(world) as client:
        await client.mail("a@b.example")
        await client.mail("a+au-unknown@b.example")
        counts = dict(world.counts)

    assert (counts, world.connections) == ({"accepted": 1, "refused": 1}, 1)


def test_as_a_process_it_tells_its_port_serves_by_its_file_and_ends_on_sigterm(
    tmp_path: Path,
) -> None:
    log, table = tmp_path / "world.log", tmp_path / "rules.toml"
    table.write_text('[[rule]]\nmatch = "@full.example"\nlike = "docomo-full"\n')
    command = [sys.executable, "-m", "denrei.project.demo.mailworld"]
    command += ["--log", str(log), "--rules", str(table)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as smtp:
            smtp.sendmail("s@x.example", ["a@b.example"], b"Subject: x\r\n\r\nhello\r\n")
            logged = received(log)
            with pytest.raises(smtplib.SMTPDataError) as caught:
                smtp.sendmail("s@x.example", ["a@full.example"], b"Subject: x\r\n\r\nhello\r\n")
        process.send_signal(signal.SIGTERM)
        code = process.wait(5)

    assert logged == ["a@b.example"]
    assert caught.value.smtp_code == 552
    assert code == 0
