"""A mail in its parts, as far as a bounce needs them (RFC 5322, RFC 2045, RFC 2046).

Not `email.parser`: its time grows with the square of the nesting and it recurses. Here one pass over
bounded lines with one stack of boundaries does, and a mail without the headers that it should have
(bounces are edited on their way) is read by what its lines look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from denrei.domain.bounces import decoding

#: What is read of a mail. A report says its word first and quotes the original last (RFC 3462).
MOST_BYTES = 512 * 1024
MOST_LINE = 2_000
MOST_HEADER_LINES = 400
MOST_PARTS = 60
MOST_DEPTH = 10

Headers = dict[str, str]


@dataclass(slots=True)
class Part:
    """One leaf of a mail."""

    #: `text/plain`, in lower case; also where nothing is said.
    kind: str
    headers: Headers
    #: Decoded, at most `decoding.MOST_TEXT` characters.
    text: str
    #: In how many `message/rfc822` it is wrapped: 0 is what the reporting system itself says.
    depth: int


@dataclass(slots=True)
class Mail:
    """A mail as read: its own headers, its leaves, and the headers of the mails it carries."""

    #: Name in lower case to value, unfolded; of several with one name the first.
    headers: Headers
    parts: list[Part] = field(default_factory=list)
    #: Of each `message/rfc822` and `text/rfc822-headers`, in order.
    quoted: list[Headers] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A multipart whose parts are being read."""

    boundary: str
    depth: int


def read_mail(raw: bytes) -> Mail:
    """Take a mail apart; whatever the bytes are, it ends and raises nothing."""
    lines = _lines(raw)
    headers, first = _headers(lines, _start(lines))
    reader = _Reader(lines, headers)
    reader.read(first)
    return reader.mail


def header_block(text: str) -> tuple[Headers, str]:
    """Split a text that begins with headers into these and the rest."""
    lines = text.split("\n")
    headers, first = _headers(lines, _start(lines))
    return headers, "\n".join(lines[first:])


class _Reader:
    """One pass over the lines of a body."""

    def __init__(self, lines: list[str], headers: Headers) -> None:
        self.mail = Mail(headers)
        self._lines = lines
        self._stack: list[_Open] = []
        self._depth = 0

    def read(self, first: int) -> None:
        """Read from line `first` to the end."""
        at = self._enter(self.mail.headers, first)
        while at < len(self._lines) and len(self.mail.parts) < MOST_PARTS:
            headers, start = _headers(self._lines, at)
            at = self._enter(headers, start)

    def _enter(self, headers: Headers, at: int) -> int:
        """Read one entity whose headers are known; return where the next one begins."""
        kind, boundary = content_type(headers)
        if kind.startswith("multipart/") and not boundary:
            boundary = self._undeclared(at)
        if boundary and len(self._stack) < MOST_DEPTH:
            self._stack.append(_Open(boundary, self._depth))
            return self._next(headers, "text/plain", at)
        if kind in _MESSAGES and not _is_encoded(headers) and self._depth < MOST_DEPTH:
            self._depth += 1
            inner, start = _headers(self._lines, at)
            self.mail.quoted.append(inner)
            return self._enter(inner, start)
        return self._next(headers, kind, at)

    def _undeclared(self, at: int) -> str:
        """Return the boundary of a body that is in parts by its looks only; "" where it is not."""
        for line, after in zip(
            self._lines[at : at + 10], self._lines[at + 1 : at + 11], strict=False
        ):
            if line.startswith("--") and _CONTENT.match(after):
                return line[2:].rstrip()
        return ""

    def _next(self, headers: Headers, kind: str, at: int) -> int:
        """Keep the lines up to the next boundary as a leaf; return the line after that."""
        known = {f"--{one.boundary}": place for place, one in enumerate(self._stack)}
        known |= {f"--{one.boundary}--": place for place, one in enumerate(self._stack)}
        until = at
        while until < len(self._lines):
            line = self._lines[until]
            if line.startswith("--") and (place := known.get(line.rstrip())) is not None:
                break
            until += 1
        else:
            place = None
        self._keep(headers, kind, at, until)
        if place is None:
            return until
        closes = len(line.rstrip()) > len(self._stack[place].boundary) + 2
        self._depth = self._stack[place].depth
        del self._stack[place + (0 if closes else 1) :]
        if not closes:
            return until + 1
        return self._next({}, "text/plain", until + 1) if self._stack else self._rest(until + 1)

    def _rest(self, at: int) -> int:
        self._keep({}, "text/plain", at, len(self._lines))
        return len(self._lines)

    def _keep(self, headers: Headers, kind: str, first: int, until: int) -> None:
        body = "\n".join(self._lines[first:until])
        if not body.strip():
            return
        text = decoding.text(
            body, headers.get("content-transfer-encoding", ""), charset(headers), kind
        )
        if kind in _MESSAGES or kind == "text/rfc822-headers":
            self.mail.quoted.append(header_block(text)[0])
        self.mail.parts.append(Part(kind, headers, text, self._depth))


_MESSAGES = frozenset({"message/rfc822", "message/global"})
_CONTENT = re.compile(r"(?i)content-(type|description|transfer-encoding|disposition)\s*:")
#: Some leave out the semicolon between the kind and its parameters.
_KIND_ENDS = re.compile(r"[;\s]")
_FIELD = re.compile(r"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)", re.DOTALL)
_PARAMETER = re.compile(
    r';\s{0,80}(boundary|charset)\s{0,9}=\s{0,9}(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE
)


def content_type(headers: Headers) -> tuple[str, str]:
    """Return the kind in lower case, `text/plain` by default, and the boundary, "" without one."""
    value = headers.get("content-type", "")
    kind = _KIND_ENDS.split(value.strip().lower(), maxsplit=1)[0] or "text/plain"
    return kind, _parameter(value, "boundary").rstrip()


def charset(headers: Headers) -> str:
    """Return the declared charset, "" without one."""
    return _parameter(headers.get("content-type", ""), "charset")


def _parameter(value: str, name: str) -> str:
    for found in _PARAMETER.finditer(value):
        if found[1].lower() == name:
            return found[2] or found[3]
    return ""


def _is_encoded(headers: Headers) -> bool:
    return headers.get("content-transfer-encoding", "").strip().lower() in {
        "base64",
        "quoted-printable",
    }


def _lines(raw: bytes) -> list[str]:
    """Return the lines as latin-1, none longer than `MOST_LINE`, without carriage returns."""
    text = raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\0", b" ")
    return list(_cut(text.decode("latin-1").split("\n")))


def _cut(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if len(line) <= MOST_LINE:
            yield line
        else:
            yield from (line[at : at + MOST_LINE] for at in range(0, len(line), MOST_LINE))


def _start(lines: list[str]) -> int:
    """Return the first line of the headers: after blank lines and the envelope line of an mbox."""
    at = 0
    while at < len(lines) and (not lines[at].strip() or lines[at].startswith(("From ", ">From "))):
        at += 1
    return at


def _headers(lines: list[str], at: int) -> tuple[Headers, int]:
    """Read headers from line `at`; return them and the first line of the body."""
    found: Headers = {}
    name, value = "", [""]
    last = min(len(lines), at + MOST_HEADER_LINES)
    while at < last:
        line = lines[at]
        if line[:1] in {" ", "\t"} and name:
            value.append(line.strip())
        elif (given := _FIELD.match(line)) is not None:
            found.setdefault(name, " ".join(value))
            name, value = given[1].lower(), [given[2].strip()]
        else:
            break
        at += 1
    found.setdefault(name, " ".join(value))
    found.pop("", None)
    return found, at + 1 if at < len(lines) and not lines[at].strip() else at
