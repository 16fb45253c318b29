"""Requests to an ASGI application without a socket: messages as a server sends and takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


async def ask(
    application: Any,
    method: str,
    address: str,
    fields: Mapping[str, str] | None = None,
    *,
    body: bytes | None = None,
    **headers: str,
) -> Said:
    """Ask once; `fields` are sent as a form, in two pieces."""
    path, _, query = address.partition("?")
    if fields is not None:
        body = urlencode(fields).encode()
        headers = {"content-type": FORM, "content-length": str(len(body)), **headers}
    pieces = [(body or b"")[:3], (body or b"")[3:]]
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    named = {"host": "testserver", **headers}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in named.items()
        ],
    }
    await application(scope, receive, send)
    start, *rest = sent
    return Said(
        status=start["status"],
        headers={name.decode().lower(): value.decode() for name, value in start["headers"]},
        body=b"".join(message["body"] for message in rest),
    )
