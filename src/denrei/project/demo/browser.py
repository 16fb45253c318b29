"""A browser without cookies and scripts: real HTTP/1.1 over connections that are kept open."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

_REDIRECTS = 3
_TO_GET = frozenset({301, 302, 303})


class VisitError(Exception):
    """No page came: the connection failed, or the answer is an error status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came back in the end."""

    url: str
    status: int
    html: str


class Browser:
    """One thread's connections. `via` (host, port) is connected to instead of the URL's own host."""

    def __init__(
        self, *, agent: str, via: tuple[str, int] | None = None, timeout: float = 10
    ) -> None:
        self._agent = agent
        self._via = via
        self._timeout = timeout
        self._open: dict[tuple[str, str, int], http.client.HTTPConnection] = {}

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def visit(self, method: str, url: str, fields: list[tuple[str, str]] | None = None) -> Page:
        """Ask for a page, following redirects; `fields` are sent as a form. VisitError: none came."""
        for _ in range(_REDIRECTS + 1):
            page, target = self._ask(method, url, fields)
            if target is None:
                if page.status >= http.client.BAD_REQUEST:
                    raise VisitError(f"{method}: {page.status}")
                return page
            if page.status in _TO_GET:
                method, fields = "GET", None
            url = urljoin(url, target)
        raise VisitError("too many redirects")

    def _ask(
        self, method: str, url: str, fields: list[tuple[str, str]] | None
    ) -> tuple[Page, str | None]:
        parts = urlsplit(url)
        key = self._key(parts)
        reused = key in self._open
        try:
            return self._exchange(method, parts, key, fields)
        except (http.client.HTTPException, OSError) as error:
            self._forget(key)
            # A server may close an idle connection at any time: that is no failure yet.
            if not reused or isinstance(error, TimeoutError):
                raise VisitError(repr(error)) from error
        try:
            return self._exchange(method, parts, key, fields)
        except (http.client.HTTPException, OSError) as error:
            self._forget(key)
            raise VisitError(repr(error)) from error

    def _exchange(
        self,
        method: str,
        parts: SplitResult,
        key: tuple[str, str, int],
        fields: list[tuple[str, str]] | None,
    ) -> tuple[Page, str | None]:
        connection = self._connection(key)
        body = urlencode(fields).encode() if fields is not None else None
        headers = {"Host": parts.netloc, "User-Agent": self._agent, "Accept": "text/html"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        path = parts.path or "/"
        connection.request(method, f"{path}?{parts.query}" if parts.query else path, body, headers)
        answer = connection.getresponse()
        html = answer.read().decode("utf-8", "replace")
        target = answer.getheader("Location") if 300 <= answer.status < 400 else None
        return Page(url=parts.geturl(), status=answer.status, html=html), target

    def _key(self, parts: SplitResult) -> tuple[str, str, int]:
        if self._via is not None:
            return ("http", *self._via)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return (parts.scheme, parts.hostname or "", port)

    def _connection(self, key: tuple[str, str, int]) -> http.client.HTTPConnection:
        if key not in self._open:
            scheme, host, port = key
            kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
            self._open[key] = kind(host, port, timeout=self._timeout)
        return self._open[key]

    def _forget(self, key: tuple[str, str, int]) -> None:
        connection = self._open.pop(key, None)
        if connection is not None:
            connection.close()
