"""Mail addresses as they stand on the wire (RFC 5321, 4.1.2), legacy ones of Japanese carriers too.

`a..b@docomo.ne.jp` and `abc.@ezweb.ne.jp` are in use although no dot-atom: their local part is
quoted. Nothing that passes holds a control character, a space outside quotes or a bracket, so that
no address can end a command or a header.
"""

from __future__ import annotations

import re

#: Octets of a path without its brackets (RFC 5321, 4.5.3.1.3).
LONGEST = 254

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PLAIN = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_DOMAIN.pattern}")
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')
_UNQUOTED = re.compile(r'[^ ()<>\[\]:;@\\,"]+')


def mailbox(address: str) -> bytes:
    """Return `address` in the form for MAIL, RCPT and To; UTF-8 where its local part needs it.

    ValueError: no server could take it.
    """
    if len(address) <= LONGEST and _PLAIN.fullmatch(address):
        return address.encode("ascii")
    local, _, name = address.rpartition("@")
    wire = f"{_local(local)}@{domain(name)}".encode()
    if len(wire) > LONGEST:
        raise ValueError(f"longer than {LONGEST} octets")
    return wire


def domain(name: str) -> str:
    """Return a domain name in ASCII (IDNA); ValueError where it is none."""
    ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
    if not _DOMAIN.fullmatch(ascii_name):
        raise ValueError("not a domain name")
    return ascii_name


def _local(part: str) -> str:
    if _QUOTED.fullmatch(part):
        return part
    if not _UNQUOTED.fullmatch(part) or not part.isprintable():
        raise ValueError("not a local part")
    is_dot_atom = not (part.startswith(".") or part.endswith(".") or ".." in part)
    return part if is_dot_atom else f'"{part}"'
