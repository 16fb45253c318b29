"""What a browser sent, as a reply that is not yet checked."""

from __future__ import annotations

from collections.abc import Mapping

from denrei.responses.answering import Reply
from denrei.responses.models import Source
from denrei.responses.pages import Page
from denrei.web.portal.sheet import OFFERED


def read(posted: Mapping[str, str], page: Page) -> Reply:
    """Return the reply of the fields `person`, `choice`, `source` and `comment`.

    Without `person` it is the only one's; a source that the page does not offer becomes "".
    """
    source = posted.get("source", Source.SELF)
    return Reply(
        recipient_id=_person(posted.get("person", ""), page),
        choice=posted.get("choice") or None,
        source=source if source in OFFERED else "",
        comment=posted.get("comment", ""),
    )


def _person(given: str, page: Page) -> int | None:
    if not given and len(page.people) == 1:
        return page.people[0].recipient_id
    found = (one.recipient_id for one in page.people if str(one.recipient_id) == given)
    return next(found, None)
