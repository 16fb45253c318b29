"""What a server offers: the lines of its answer to EHLO (RFC 5321, 4.1.1.1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """The service extensions that matter to us; none of them is what HELO gives."""

    #: RFC 2920: commands in groups.
    pipelining: bool = False
    #: RFC 6152: bytes above 127 in a body.
    eight_bit: bool = False
    #: RFC 6531: addresses in UTF-8.
    utf8: bool = False
    #: RFC 3461: a bounce that names its message.
    dsn: bool = False
    #: RFC 3207
    starttls: bool = False
    #: RFC 4954: mechanisms, in capitals.
    auth: frozenset[str] = frozenset()
    #: RFC 1870: octets of a message; 0 where no maximum is known.
    size: int = 0


def parse(reply: bytes) -> Extensions:
    """Read a positive reply to EHLO; keywords that are not known are passed over."""
    offered: dict[str, list[str]] = {}
    for line in reply.decode("ascii", "replace").upper().split("\n")[1:]:
        keyword, *values = line[4:].replace("=", " ").split() or [""]
        offered.setdefault(keyword, []).extend(values)
    size = "".join(offered.get("SIZE", [])[:1])
    return Extensions(
        pipelining="PIPELINING" in offered,
        eight_bit="8BITMIME" in offered,
        utf8="SMTPUTF8" in offered,
        dsn="DSN" in offered,
        starttls="STARTTLS" in offered,
        auth=frozenset(offered.get("AUTH", [])),
        size=int(size) if size.isdecimal() and len(size) < 20 else 0,
    )
