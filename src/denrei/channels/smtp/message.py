"""Letters: the envelope and the text of one message to one person, as bytes.

Everything that is the same for all is rendered once (`template`). No value of a message can add a
line to the envelope or to the headers: each is matched against what it may consist of.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from denrei.channels import Content, Outgoing, SendError
from denrei.channels.smtp import addresses
from denrei.channels.smtp.dkim import Signer
from denrei.channels.smtp.extensions import Extensions
from denrei.channels.smtp.template import Template, render
from denrei.domain.failures import Reason
from denrei.domain.states import Phase

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

#: Renderings kept; a gateway seldom carries more contents at once.
_KEPT = 64
#: Correlation, return token and URL, each on a line: a value with a line end of its own can't fit.
_VALUES = re.compile(r"[0-9a-z.-]{1,100}\n[0-9a-z.-]{1,48}\n[!-~]{0,2000}")
_EVERYTHING = Extensions(eight_bit=True, utf8=True)
#: What xtext (RFC 3461, section 4) writes as it is.
_NOT_XTEXT = re.compile(rb"[^!-*,-<>-~]")


class Letter(NamedTuple):
    """One message as it is written: two commands, and the text with its final dot."""

    mail: bytes
    rcpt: bytes
    data: bytes


class Composer:
    """Makes letters for one gateway; keeps its renderings."""

    def __init__(self, settings: Smtp, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._domain = settings.return_path_domain.encode("ascii")
        self._signer = Signer.of(settings)
        self._templates: dict[tuple[str, bool, bool], Template] = {}

    def compose(self, outgoing: Outgoing, offered: Extensions, signed: bytes = b"") -> Letter:
        """Return the letter for a server that offers this; `SendError` where none is possible.

        `signed`: the text that `writing` made, where there was time for it.
        """
        to = _recipient(outgoing.address, offered)
        correlation, token, url = _values(outgoing)
        template = self._fitting(outgoing.content, url, offered.eight_bit)
        data = signed or template.fill(to, correlation, url)
        self._check_size(len(data), offered)
        sender = _return_path(token, self._domain) if self._domain else template.sender
        options = b"" if to.isascii() else b" SMTPUTF8"
        if offered.dsn:
            options += b" RET=HDRS ENVID=" + correlation
        return Letter(
            b"MAIL FROM:<%b>%b%b\r\n" % (sender, template.parameters, options),
            b"RCPT TO:<%b>%b\r\n" % (to, _notify(to) if offered.dsn else b""),
            data,
        )

    def writing(self, outgoing: Outgoing) -> Callable[[], bytes]:
        """Return what makes the text with its signature; fit for threads. `SendError` as above.

        A signed text is the same for all servers.
        """
        to = _recipient(outgoing.address, _EVERYTHING)
        correlation, _, url = _values(outgoing)
        template = self._fitting(outgoing.content, url, eight_bit=False)
        return partial(template.fill, to, correlation, url)

    def _fitting(self, content: Content, url: bytes, eight_bit: bool) -> Template:
        eight_bit = eight_bit and self._signer is None
        template = self._template(content, eight_bit, wrapped=False)
        if len(url) > template.url_room:
            template = self._template(content, eight_bit, wrapped=True)
        return template

    def _template(self, content: Content, eight_bit: bool, *, wrapped: bool) -> Template:
        key = (content.key, eight_bit, wrapped)
        template = self._templates.get(key)
        if template is None:
            template = self._rendered(content, eight_bit, wrapped=wrapped)
            if len(self._templates) >= _KEPT:
                del self._templates[next(iter(self._templates))]
            self._templates[key] = template
        return template

    def _rendered(self, content: Content, eight_bit: bool, *, wrapped: bool) -> Template:
        try:
            return render(
                content,
                self._settings,
                self._now(),
                eight_bit=eight_bit,
                wrapped=wrapped,
                signer=self._signer,
            )
        except ValueError as error:
            raise _refusal(Reason.CONTENT, str(error)) from error

    def _check_size(self, octets: int, offered: Extensions) -> None:
        limit = min(self._settings.size_limit, offered.size or octets)
        if octets > limit:
            raise _refusal(Reason.TOO_LARGE, f"{octets} octets, at most {limit}")


def _values(outgoing: Outgoing) -> list[bytes]:
    """Return correlation, return token and URL of a message."""
    values = f"{outgoing.correlation}\n{outgoing.return_token}\n{outgoing.url}"
    if not _VALUES.fullmatch(values):
        raise _refusal(Reason.CONTENT, "correlation, return token or URL")
    return values.encode("ascii").split(b"\n")


def _recipient(address: str, offered: Extensions) -> bytes:
    try:
        to = addresses.mailbox(address)
    except ValueError as error:
        raise _refusal(Reason.BAD_ADDRESS, str(error)) from error
    if not (offered.utf8 or to.isascii()):
        raise _refusal(Reason.BAD_ADDRESS, "the server does not offer SMTPUTF8")
    return to


def _return_path(token: bytes, domain: bytes) -> bytes:
    if b".." in token or token.endswith(b"."):
        return b'"b+%b"@%b' % (token, domain)
    return b"b+%b@%b" % (token, domain)


def _notify(to: bytes) -> bytes:
    """Ask for a bounce (RFC 3461, 4.1); the original recipient can be named in ASCII only."""
    if not to.isascii():
        return b" NOTIFY=FAILURE,DELAY"
    xtext = _NOT_XTEXT.sub(lambda found: b"+%02X" % found[0][0], to)
    return b" NOTIFY=FAILURE,DELAY ORCPT=rfc822;" + xtext


def _refusal(reason: Reason, detail: str) -> SendError:
    return SendError(reason, retryable=False, phase=Phase.UNSENT, detail=detail)
