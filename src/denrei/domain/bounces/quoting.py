"""Where a notice ends and the mail that came back begins, and what that mail's headers say."""

from __future__ import annotations

from dataclasses import dataclass

from denrei.domain.bounces import addresses, mime, systems
from denrei.domain.bounces.mime import Headers, Mail, Part

MOST_LINES = 600
#: Longer lines are no words of a notice.
MOST_COLUMNS = 1_000
#: A run of headers is looked for in so many lines.
_RUN = 12


@dataclass(slots=True)
class Notice:
    """A mail, seen as a notice about another one."""

    mail: Mail
    #: What the reporting system wrote itself, line by line.
    lines: list[str]
    #: Headers of the mail that came back; empty where it is not quoted.
    original: Headers
    #: Of each line the keys of the addresses in it.
    named: list[frozenset[str]]
    #: Does it give a mail back, whole, its headers alone, or in its text?
    returns: bool

    def addressees(self) -> list[str]:
        """Return the addresses that the mail that came back was written to."""
        fields = ("to", "cc", "x-original-to", "envelope-to", "delivered-to")
        values = [self.original.get(name, "")[:4_000] for name in fields]
        return [address for value in values for _, address in addresses.all_in(value)][:200]

    def senders(self) -> set[str]:
        """Return the keys of the addresses that the notice was sent to: who wrote the mail."""
        values = [
            self.mail.headers.get("to", ""),
            self.original.get("from", ""),
            self.original.get("return-path", ""),
        ]
        return {
            addresses.key(address)
            for value in values
            for _, address in addresses.all_in(value[:2_000])
        }


def read_notice(mail: Mail) -> Notice:
    """Split the own words of a mail from what it quotes."""
    own = [part for part in mail.parts if part.depth == 0]
    lines, quoted = cut("\n".join(_texts(own)).split("\n")[: 4 * MOST_LINES])
    original = next(iter(mail.quoted), None) or _headers_of(quoted)
    lines = [line[:MOST_COLUMNS] for line in lines[:MOST_LINES]]
    named = [frozenset(addresses.key(one) for _, one in addresses.all_in(line)) for line in lines]
    return Notice(mail, lines, original, named, bool(mail.quoted or quoted))


def _texts(own: list[Part]) -> list[str]:
    """Return what people read; the page where the plain text names nobody.

    Before the parts of a mail stands a word for programs that know none, which is no notice.
    """
    texts = [part.text for part in own if part.kind == "text/plain"]
    pages = [part.text for part in own if part.kind == "text/html"]
    if not pages or any(addresses.first(text[:20_000]) for text in texts):
        return texts
    return [*texts, *pages]


def cut(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines of the notice, and those of what it quotes."""
    for at, line in enumerate(lines):
        if _begins_quote(lines, at, line[:200].strip().lower()):
            return lines[:at], lines[at:]
    return lines, []


def _begins_quote(lines: list[str], at: int, line: str) -> bool:
    if not line:
        return False
    if systems.QUOTED.search(line):
        return True
    return systems.HEADER.match(line) is not None and _is_run(lines[at : at + _RUN])


def _is_run(lines: list[str]) -> bool:
    """Do the lines begin with three headers, one of them a trace of a mail server?"""
    headers, has_trace = 0, False
    for raw in lines:
        line = raw[:200].lower()
        if systems.TRACE.match(line) and not line.startswith("  "):
            has_trace = True
            headers += 1
        elif systems.HEADER.match(line):
            headers += 1
        elif not line.lstrip(">")[:1].isspace():
            break
    return has_trace and headers >= 3


def _headers_of(quoted: list[str]) -> Headers:
    """Read the headers of a mail quoted in the text, indented or not, after its introduction."""
    for at, line in enumerate(quoted[:30]):
        if systems.HEADER.match(line[:200].lower()):
            margin = len(line) - len(line.lstrip("> \t"))
            dedented = [
                one[margin:] if not one[:margin].strip("> \t") else one
                for one in quoted[at : at + 200]
            ]
            return mime.header_block("\n".join(dedented))[0]
    return {}
