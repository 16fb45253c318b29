"""Where mail is taken in, as the environment says it; and the process that a worker keeps for it."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import time

import pytest
from django.conf import settings
from django.db import connections

from denrei.project import mail_listening, post_room
from denrei.project.environment import Environment, SettingError
from tests.deliveries.world import World


def read(value: str) -> list[tuple[str, str, int]]:
    return mail_listening.read(Environment({mail_listening.NAME: value}))


def test_addresses_are_read() -> None:
    assert read("") == []
    assert read("lmtp:127.0.0.1:8024, smtp:[::1]:25") == [
        ("lmtp", "127.0.0.1", 8024),
        ("smtp", "::1", 25),
    ]


@pytest.mark.parametrize("value", ["8024", "127.0.0.1:8024", "imap:127.0.0.1:1", "lmtp:a:0"])
def test_nonsense_is_refused_in_words(value: str) -> None:
    with pytest.raises(SettingError, match=r"lmtp:127\.0\.0\.1:8024 のように"):
        read(value)


@pytest.mark.usefixtures("committed")
async def test_a_worker_keeps_a_post_room_that_listens_and_ends_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await asyncio.to_thread(_found)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setattr(settings, "MAIL_LISTEN", [("smtp", "127.0.0.1", port)])
    monkeypatch.setenv(mail_listening.NAME, f"smtp:127.0.0.1:{port}")
    monkeypatch.setenv("DENREI_SECRET_KEY", settings.SECRET_KEY)
    monkeypatch.setenv("DENREI_DATABASE_ROLE", "worker")

    kept = asyncio.create_task(post_room.kept())
    code = await asyncio.to_thread(_deliver, port)
    read_at = await asyncio.to_thread(_read, world)
    kept.cancel()
    await asyncio.wait([kept])

    assert (code, read_at) == (250, True)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


def _found() -> World:
    """Found an organization, by a connection of this thread alone."""
    try:
        return World.create(reply_to="answers@city.example")
    finally:
        connections.close_all()


def _deliver(port: int) -> int:
    """Deliver a reply as soon as somebody listens; return the answer to it."""
    for _ in range(600):
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
                server.ehlo()
                server.mail("who@example.jp")
                server.rcpt("answers@city.example")
                return server.data(b"Subject: hello\r\n\r\nhello\r\n")[0]
        except ConnectionRefusedError:
            time.sleep(0.1)
    return 0


def _read(world: World) -> bool:
    """Wait until the mail is read and belongs to its organization."""

    for _ in range(300):
        if world.ask("SELECT FROM received_mail WHERE waits"):
            return True
        time.sleep(0.1)
    return False
