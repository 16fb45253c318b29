"""The arguments of MAIL and RCPT: an address as SMTP writes it, and its parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Address in its brackets (a quoted local part may hold `>`), then parameters.
_PATH = re.compile(
    rb'(?:MAIL FROM|RCPT TO):[ ]?<((?:"(?:[^"\\]|\\.)*"|[^">])*)>(.*)', re.IGNORECASE | re.DOTALL
)
_PARAMETERS: Mapping[bytes, frozenset[str]] = {
    b"MAIL": frozenset({"SIZE", "BODY", "SMTPUTF8", "RET", "ENVID"}),
    b"RCPT": frozenset({"NOTIFY", "ORCPT"}),
}


class EnvelopeError(ValueError):
    """The command can't be obeyed; `reply` is the whole line that says why."""

    def __init__(self, reply: bytes) -> None:
        super().__init__(reply.decode())
        self.reply = reply


def parse(line: bytes) -> tuple[str, dict[str, str]]:
    """Return address and parameters of a MAIL or RCPT line. EnvelopeError: what is wrong."""
    match = _PATH.fullmatch(line)
    if match is None:
        raise EnvelopeError(b"501 5.5.4 Syntax: " + line[:4].upper() + b" <address>")
    path, parameters = match.groups()
    return mailbox(path), _parameters(line[:4].upper(), parameters) if parameters else {}


def _parameters(verb: bytes, text: bytes) -> dict[str, str]:
    words = (word.partition("=") for word in text.decode("ascii", "replace").split())
    parameters = {name.upper(): value for name, _, value in words}
    if not parameters.keys() <= _PARAMETERS[verb]:
        raise EnvelopeError(b"555 5.5.4 Unsupported option")
    return parameters


def mailbox(path: bytes) -> str:
    """Return the address: no source route, no quoting, domain in lower case; "" for `<>`.

    A local part with dots at its ends or in a row must come quoted, as `"a..b"@docomo.example`
    (RFC 5321, 4.1.2). EnvelopeError: it does not, or it is no address.
    """
    text = path.decode("utf-8", "backslashreplace")
    if text.startswith("@"):
        text = text.partition(":")[2]
    if not text:
        return ""
    local, _, domain = text.rpartition("@")
    if not domain or not local:
        raise EnvelopeError(b"501 5.1.3 Bad address syntax")
    if local[0] == '"' == local[-1] and len(local) > 2:
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    elif local[0] == "." or local[-1] == "." or ".." in local or " " in local or '"' in local:
        raise EnvelopeError(b"501 5.1.3 Bad address syntax: this local part needs quotes")
    return f"{local}@{domain.lower()}"
