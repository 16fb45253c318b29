"""The post room in a thread of the test, and mails as servers send them back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from denrei.accounts import tenancy
from denrei.deliveries import links
from denrei.outcomes import keeping, reading
from denrei.outcomes.keeping import Arrived
from denrei.outcomes.models import ReceivedMail, Way
from denrei.outcomes.post import Address, Post
from tests.deliveries.world import World, wait_for, workers

DOMAIN = "bounce.city.example"


@contextmanager
def post_room(*ways: Way) -> Iterator[list[int]]:
    """Run a post room that listens; yield the ports in the order of the ways."""
    ready = threading.Event()
    loops: list[asyncio.AbstractEventLoop] = []
    tasks: list[asyncio.Task[None]] = []
    post = Post([Address(way=way, host="127.0.0.1", port=0) for way in ways])

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        tasks.append(asyncio.create_task(post.run()))
        await post.ready.wait()
        ready.set()
        await asyncio.wait(tasks)

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(asyncio.run, run())
        wait_for(lambda: ready.is_set() or done.done())
        try:
            yield [receiver.port for receiver in post.receivers]
        finally:
            loops[0].call_soon_threadsafe(tasks[0].cancel)
            done.result(timeout=60)


def sent(world: World, people: int = 1) -> list[int]:
    """Return the deliveries of a broadcast that was handed over, in the order of people."""
    world.lane()
    world.people(people)
    broadcast = world.launch().broadcast_id
    with workers():
        world.finished(broadcast)
    return [row[0] for row in world.ask("SELECT id FROM delivery ORDER BY recipient_id")]


def path(world: World, delivery: int) -> str:
    """Return the return path of a delivery."""
    return f"b+{links.return_token(world.organization.id, delivery)}@{DOMAIN}"


def original(world: World, delivery: int) -> str:
    """Return the Message-ID of a delivery's mail."""
    ((broadcast,),) = world.ask("SELECT broadcast_id FROM delivery WHERE id = %s", delivery)
    return f"<{links.correlation(world.organization.id, broadcast, delivery)}@city.example>"


def arrive(*mails: Arrived) -> None:
    """Store mails, and read them all."""
    keeping.keep(mails)
    while reading.read_some():
        pass


def mail(
    raw: bytes,
    to: str = "",
    came_to: int | None = None,
    way: Way = Way.LMTP,
    *,
    envelope_from: str = "",
) -> Arrived:
    """Return a mail as a door or a mailbox brings it."""
    return Arrived(
        way=way,
        raw=raw,
        size=len(raw),
        envelope_from=envelope_from,
        envelope_to=to,
        came_to_id=came_to,
    )


def received(world: World) -> list[ReceivedMail]:
    """Return the mails of the organization, the first first."""
    with tenancy.acting_for(world.organization.id):
        return list(ReceivedMail.objects.order_by("id"))


def report(
    recipient: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 unknown",
    original: str = "",
    message_id: str = "<1@mx.example>",
    envelope_id: str = "",
    written_to: str = "",
) -> bytes:
    """Return a delivery status notification (RFC 3464)."""
    first = f"Original-Recipient: rfc822; {written_to}\n" if written_to else ""
    envelope = f"Original-Envelope-Id: {envelope_id}\n" if envelope_id else ""
    return (
        (
            "From: MAILER-DAEMON@mx.example\n"
            "To: bousai@city.example\n"
            "Subject: Undelivered Mail\n"
            f"Message-ID: {message_id}\n"
            "MIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\nIt did not work.\n\n"
            "--b\nContent-Type: message/delivery-status\n\n"
            f"Reporting-MTA: dns; mx.example\n{envelope}\n"
            f"{first}Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
            f"Diagnostic-Code: smtp; {diagnostic}\n\n"
            "--b\nContent-Type: text/rfc822-headers\n\n"
            f"From: bousai@city.example\nMessage-ID: {original or '<x@elsewhere.example>'}\n\n"
            "--b--\n"
        )
        .replace("\n", "\r\n")
        .encode()
    )
