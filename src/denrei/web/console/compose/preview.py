"""The mail exactly as it will be sent, in one language, for the page beside the form."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from denrei.broadcasts import rendering
from denrei.broadcasts.content import Content
from denrei.domain import text

#: Stands where each person's own address of the answer page comes.
SAMPLE = "●●●●●●●●●●"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as its receiver sees it."""

    language: str
    subject: str
    #: Up to the personal address, and after it; one part where there is none.
    before: str
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
        before=before.rstrip("\n") if found else before,
        address=f"{settings.PUBLIC_URL}/r/{SAMPLE}" if found else "",
        after=after.strip("\n"),
        sender_name=rendered.sender_name,
        sender_address=rendered.sender_address,
        characters=text.length(rendered.body.replace("\n", "")),
    )
