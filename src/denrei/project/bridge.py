"""Django's WSGI application as an ASGI one: each request in a thread of its own, as a WSGI server has it.

Pieces of a response leave as they are made, and a browser that went away is noticed at the next piece:
the response is closed then, so that streams of events give their seats back (ADR 0014). Libraries that do
the same go on until the response ends by itself, or hold all of it in memory.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
#: PEP 3333.
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Bridge:
    """An ASGI application for HTTP that asks a WSGI one in `threads` threads."""

    def __init__(self, application: Wsgi, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request of HTTP; another kind is not known here."""
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        loop = asyncio.get_running_loop()
        crossing = _Crossing(loop, receive, send)
        environ = _environ(scope, io.BufferedReader(_Body(crossing)))
        context = contextvars.copy_context()
        work = loop.run_in_executor(
            self._threads, context.run, crossing.run, self._application, environ
        )
        try:
            await work
        finally:
            crossing.end()


class _Crossing:
    """One request on its way: what the thread asks of the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive, send: Send) -> None:
        self._loop = loop
        self._receive = receive
        self._send = send
        self._start: Message | None = None
        self._watch: asyncio.Task[None] | None = None
        self._is_read = False
        self._is_gone = False

    def run(self, application: Wsgi, environ: dict[str, Any]) -> None:
        """Ask the application and send what it answers. Runs in a thread."""
        response = application(environ, self._start_response)
        try:
            for piece in response:
                if piece:
                    self._on_loop(self._put(piece, more=True))
                if self._is_gone:
                    return
            self._on_loop(self._put(b"", more=False))
        finally:
            getattr(response, "close", lambda: None)()

    def read(self) -> bytes:
        """Return the next piece of the body of the request, b"" at its end. Runs in a thread.

        OSError: the browser went away before the end; what has come must not be taken for the whole.
        """
        while not self._is_read:
            message = self._on_loop(self._next())
            if self._is_gone:
                raise OSError("the browser went away")
            if message.get("body"):
                return bytes(message["body"])
        return b""

    def end(self) -> None:
        """Watch the browser no more."""
        if self._watch is not None:
            self._watch.cancel()

    def _on_loop(self, act: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result()

    async def _next(self) -> Message:
        message = await self._receive()
        self._is_gone = message["type"] == "http.disconnect"
        self._is_read = self._is_gone or not message.get("more_body", False)
        return message

    async def _put(self, piece: bytes, *, more: bool) -> None:
        if self._start is not None:
            await self._send(self._start)
            self._start = None
            self._watch = self._loop.create_task(self._watched())
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})

    async def _watched(self) -> None:
        """Wait until the browser goes away, or what is left of the request has come and it does."""
        while not self._is_gone:
            await self._next()

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        del exc_info  # Django answers an error by a response of its own
        self._start = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ],
        }
        return self._write

    def _write(self, piece: bytes) -> None:
        self._on_loop(self._put(piece, more=True))


class _Body(io.RawIOBase):
    """The body of a request as a file, read as it comes."""

    def __init__(self, crossing: _Crossing) -> None:
        self._crossing = crossing
        self._rest = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes; 0 at the end."""
        self._rest = self._rest or self._crossing.read()
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _environ(scope: Scope, body: io.BufferedReader) -> dict[str, Any]:
    """Return what PEP 3333 says of a request; text is bytes read as ISO-8859-1."""
    host, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port or 80),
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if (
            b"_" in name
        ):  # X_Forwarded_For would be read as X-Forwarded-For, which proxies vouch for
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_LENGTH", "CONTENT_TYPE"):
            key = f"HTTP_{key}"
        said = value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{said}" if key in environ else said
    return environ
