"""Django behind ASGI: pieces leave as they are made, bodies arrive whole, who went away is noticed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest

from denrei.project.bridge import Bridge
from tests.web.portal.asking import ask

START = Callable[..., Any]
OK = [("Content-Type", "text/plain")]


async def test_a_request_arrives_as_wsgi_has_it() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: START) -> Iterable[bytes]:
        seen.update(environ, read=environ["wsgi.input"].read())
        start("201 Created", [*OK, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [b"one ", b"", b"two"]

    said = await ask(
        Bridge(application, 2),
        "POST",
        "/名簿?q=%E5%B1%B1",
        body=b"x" * 100_000,
        content_length="100000",
        content_type="text/csv",
        accept_language="ja",
        cookie="a=1",
    )

    assert (said.status, said.body, said.headers["content-type"]) == (
        201,
        b"one two",
        "text/plain",
    )
    expected = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/名簿".encode().decode("latin-1"),
        "QUERY_STRING": "q=%E5%B1%B1",
        "CONTENT_LENGTH": "100000",
        "CONTENT_TYPE": "text/csv",
        "HTTP_ACCEPT_LANGUAGE": "ja",
        "HTTP_COOKIE": "a=1",
        "REMOTE_ADDR": "127.0.0.1",
        "read": b"x" * 100_000,
    }
    assert {name: seen.get(name) for name in expected} == expected


def scope(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """Return a plain request."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": headers,
    }


class Wire:
    """What a server does: it tells of requests, and takes what is sent."""

    def __init__(self, *messages: Mapping[str, Any]) -> None:
        self.messages = asyncio.Queue[Mapping[str, Any]]()
        self.sent = asyncio.Queue[Mapping[str, Any]]()
        for message in messages:
            self.messages.put_nowait(message)

    async def receive(self) -> Any:
        """Wait for what the browser does."""
        message = await self.messages.get()
        self.messages.task_done()
        return message

    async def send(self, message: Any) -> None:
        """Take a message."""
        await self.sent.put(message)


async def test_a_piece_leaves_before_the_next_is_made() -> None:
    go_on = threading.Event()

    def application(environ: dict[str, Any], start: START) -> Iterator[bytes]:
        start("200 OK", OK)
        yield b"first"
        go_on.wait()
        yield b"second"

    wire = Wire({"type": "http.request", "body": b"", "more_body": False})
    served = asyncio.create_task(Bridge(application, 1)(scope(), wire.receive, wire.send))
    first = [await wire.sent.get(), await wire.sent.get()]
    go_on.set()
    await served

    assert (first[0]["status"], first[1]["body"], first[1]["more_body"]) == (200, b"first", True)
    assert [wire.sent.get_nowait()["body"] for _ in range(2)] == [b"second", b""]


async def test_a_stream_of_who_went_away_is_closed_at_the_next_piece() -> None:
    pieces, closed = threading.Semaphore(1), threading.Event()

    class Stream:
        def __iter__(self) -> Iterator[bytes]:
            while True:
                pieces.acquire()
                yield b"piece"

        def close(self) -> None:
            closed.set()

    def application(environ: dict[str, Any], start: START) -> Iterable[bytes]:
        start("200 OK", OK)
        return Stream()

    wire = Wire({"type": "http.request", "body": b"", "more_body": False})
    served = asyncio.create_task(Bridge(application, 1)(scope(), wire.receive, wire.send))
    await wire.sent.get()
    await wire.messages.put({"type": "http.disconnect"})
    await wire.messages.join()
    pieces.release()
    await served

    assert closed.is_set()


async def test_half_a_form_is_not_taken_for_a_whole_one() -> None:
    seen: list[str] = []

    def application(environ: dict[str, Any], start: START) -> Iterable[bytes]:
        try:
            environ["wsgi.input"].read(10)
        except OSError as error:
            seen.append(str(error))
        start("400 Bad Request", OK)
        return [b""]

    half = {"type": "http.request", "body": b"a=1", "more_body": True}
    wire = Wire(half, {"type": "http.disconnect"})
    await Bridge(application, 1)(scope((b"content-length", b"10")), wire.receive, wire.send)

    assert seen == ["the browser went away"]


async def test_a_header_that_could_be_taken_for_a_proxys_is_left_out() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: START) -> Iterable[bytes]:
        seen.update(environ)
        start("200 OK", OK)
        return [b""]

    headers = ((b"x_forwarded_for", b"203.0.113.7"), (b"cookie", b"a=1"), (b"cookie", b"b=2"))
    wire = Wire({"type": "http.request", "body": b"", "more_body": False})
    await Bridge(application, 1)(scope(*headers), wire.receive, wire.send)

    assert ("HTTP_X_FORWARDED_FOR" in seen, seen["HTTP_COOKIE"]) == (False, "a=1; b=2")


async def test_another_protocol_is_not_known() -> None:
    wire = Wire()
    with pytest.raises(NotImplementedError):
        await Bridge(lambda environ, start: [], 1)({"type": "lifespan"}, wire.receive, wire.send)
