"""What a mail world took and refused is in its log, and its log is the truth."""

from __future__ import annotations

import asyncio
import json
import signal
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from denrei.project.demo import rules
from denrei.project.demo.mailworld import MailWorld
from tests.project.demo.client import BODY, connected, events, one, received


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
