"""The mail exactly as it will be sent, in one language, for the page beside the form."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from denrei.broadcasts import rendering
from denrei.broadcasts.content import Content
from denrei.domain import limits, text

#: Stands where each person's own address of the answer page comes.
SAMPLE = "●●●●●●●●●●"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a text; `over`: beyond what its field takes."""

    words: str
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as its receiver sees it."""

    language: str
    subject: str
    #: Up to the personal address; what is too long is marked.
    before: Sequence[Piece]
    address: str
    after: str
    sender_name: str
    sender_address: str
    characters: int


def mail(content: Content, language: str) -> Mail:
    """Render a content as the sending side does."""
    rendered = rendering.render(content, language, key="preview")
    before, found, after = rendered.body.partition(rendering.URL)
    return Mail(
        language=language,
        subject=rendered.subject,
        before=list(_pieces(before.rstrip("\n") if found else before, content)),
        address=f"{settings.PUBLIC_URL}/r/{SAMPLE}" if found else "",
        after=after.strip("\n"),
        sender_name=rendered.sender_name,
        sender_address=rendered.sender_address,
        characters=text.length(rendered.body.replace("\n", "")),
    )


def _pieces(body: str, content: Content) -> Iterator[Piece]:
    """Cut a body where a field of it goes beyond its limit (MSG-2)."""
    for limit in limits.LIMITS:
        value = getattr(content, limit.field, "")
        if limit.characters is None or text.length(value) <= limit.characters:
            continue
        before, found, rest = body.partition(value)
        if found:
            fits = _longest_start(value, limit.characters)
            yield Piece(words=before + fits)
            yield Piece(words=value[len(fits) :], over=True)
            body = rest
    yield Piece(words=body)


def _longest_start(value: str, characters: int) -> str:
    """Return as much of a text as so many characters are, as people count them."""
    ends = range(len(value) + 1)
    return value[: bisect_right(ends, characters, key=lambda end: text.length(value[:end])) - 1]
