"""The door of the herd: answer pages by ASGI, past Django, with what Django would have answered.

It takes only what is plain: the address of a page, GET, HEAD or a form of ours, a host that we are. All
else, a form with parts for files too, goes to `elsewhere`, which is Django, and comes to the same desk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import SuspiciousOperation, TooManyFieldsSent
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host

from denrei.accounts import addresses
from denrei.responses import pages
from denrei.responses.looking import Visit
from denrei.responses.models import Kind
from denrei.web.portal import asked, desk, refusals
from denrei.web.portal.asked import Asked, Served
from denrei.web.portal.desk import Limits
from denrei.web.portal.herd import BusyError, Lane

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_PAGE = re.compile(r"/r/([0-9A-Za-z]+)(/unseen)?")
_FORMS = frozenset(
    {"application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8"}
)
_HTML = (b"content-type", b"text/html; charset=utf-8")
#: The headers that somebody here reads; a browser sends twice as many.
_READ = {
    name.encode(): name
    for name in (
        "host",
        "content-type",
        "content-length",
        "user-agent",
        "sec-fetch-site",
        "x-forwarded-for",
        *asked.AHEAD,
    )
}
#: Bytes of a form; ours has a comment of a hundred characters.
_MOST_BYTES = 65_536
#: Milliseconds for a lock and for a statement.
_LOCK, _STATEMENT = 1_000, 10_000


class _GoneError(Exception):
    """The browser went away before it had sent everything."""


@dataclass(frozen=True, slots=True)
class _Request:
    """A request that this door takes."""

    scope: Scope
    #: Those of `_READ` that came; lines of one name are joined as CGI does (RFC 3875, 4.1.18).
    headers: Mapping[str, str]
    token: str
    is_unseen: bool

    @property
    def method(self) -> str:
        return str(self.scope["method"])


class Door:
    """An ASGI application. `strict`: the headers of every page; `most`: as many wait at most."""

    def __init__(
        self, elsewhere: Application, strict: Sequence[tuple[str, str]], most: int
    ) -> None:
        self._elsewhere = elsewhere
        self._strict = [_header(*one) for one in strict]
        self._answers = Lane("answers", desk.take, _limits(86), most)
        self._looks = Lane("looks", desk.look, _limits(43), most, first=self._answers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request here or elsewhere."""
        request = _plain(scope)
        if request is None:
            await self._elsewhere(scope, receive, send)
            return
        try:
            served = await self._served(request, receive)
        except _GoneError:
            return
        await self._send(served, send, with_body=request.method != "HEAD")

    def end(self) -> None:
        """Give threads and connections back."""
        self._looks.end()
        self._answers.end()

    async def _served(self, request: _Request, receive: Receive) -> Served:
        try:
            one = await _asked(request, receive)
        except SuspiciousOperation:  # more fields than any form of ours
            return refusals.served(HTTPStatus.BAD_REQUEST)
        lane = self._looks if one.posted is None else self._answers
        try:
            return await lane.serve(one)
        except BusyError:
            return refusals.busy(one)

    async def _send(self, served: Served, send: Send, *, with_body: bool) -> None:
        length = (b"content-length", b"%d" % len(served.body))
        headers = [_HTML, length, *(_header(*one) for one in served.headers), *self._strict]
        await send(
            {"type": "http.response.start", "status": int(served.status), "headers": headers}
        )
        await send({"type": "http.response.body", "body": served.body if with_body else b""})


def _limits(place: int) -> Limits:
    """Return the limits of a lane; what it counts stands apart from what the process counts else."""
    return Limits(lock=_LOCK, statement=_STATEMENT, shard=(os.getpid() + place) % 128)


@lru_cache(maxsize=256)
def _header(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode("ascii"), value.encode("latin-1")


def _plain(scope: Scope) -> _Request | None:
    """Return a request that is taken here; None for what Django has to judge."""
    found = _PAGE.fullmatch(scope["path"]) if scope["type"] == "http" else None
    if found is None:
        return None
    request = _Request(scope, _headers(scope), found[1], found[2] is not None)
    is_ours = request.method in ("GET", "HEAD") or (
        request.method == "POST" and not request.is_unseen and _is_form(request.headers)
    )
    return request if is_ours and _is_host(request.headers.get("host", "")) else None


def _headers(scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = _READ.get(name)
        if key is not None:
            said = value.decode("latin-1")
            headers[key] = f"{headers[key]},{said}" if key in headers else said
    return headers


def _is_form(headers: Mapping[str, str]) -> bool:
    length = headers.get("content-length", "")
    return (
        headers.get("content-type", "").lower() in _FORMS
        and length.isdecimal()
        and len(length) < 9
        and int(length) <= _MOST_BYTES
    )


@lru_cache(maxsize=64)
def _is_host(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


async def _asked(request: _Request, receive: Receive) -> Asked:
    """Return what is asked. Raises _GoneError, SuspiciousOperation."""
    headers = request.headers
    posted = _form(await _body(receive)) if request.method == "POST" else None
    kind = Kind.CANARY if request.is_unseen else asked.kind_of(request.method, headers)
    query = request.scope["query_string"]
    return Asked(
        path=request.scope["path"],
        named=_named_by(request.token),
        visit=Visit(kind=kind, user_agent=headers.get("user-agent", ""), address=_address(request)),
        **(asked.asked_by(QueryDict(query)) if query else {}),
        posted=posted,
        from_elsewhere=asked.is_from_elsewhere(headers.get("sec-fetch-site", "")),
    )


#: A phone asks for its page, answers and is thanked by one token.
_named_by = lru_cache(maxsize=10_000)(pages.named_by)


def _form(body: bytes) -> dict[str, str]:
    """Return the fields of a form as Django reads them; of two of one name the last."""
    try:
        said = body.decode()
    except UnicodeDecodeError:
        said = body.decode("latin-1")
    try:
        return dict(
            parse_qsl(
                said,
                keep_blank_values=True,
                max_num_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
            )
        )
    except ValueError as error:
        raise TooManyFieldsSent from error


def _address(request: _Request) -> str:
    client = request.scope.get("client")
    return _client(
        client[0] if client else "",
        request.headers.get("x-forwarded-for", ""),
        settings.TRUSTED_PROXIES,
    )


@lru_cache(maxsize=4096)
def _client(neighbour: str, forwarded: str, proxies: int) -> str:
    meta = {"REMOTE_ADDR": neighbour, "HTTP_X_FORWARDED_FOR": forwarded}
    return addresses.client(meta, proxies)


async def _body(receive: Receive) -> bytes:
    """Read a form; no thread and no transaction waits for a slow phone."""
    parts, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
