"""The desk of the answer pages: requests to one organization are served together, in one transaction.

`look` and `take` give None for a request that can't share the transaction of the others: it is asked
again afterwards. The first one is always served. One request alone is served the same way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from django.db import DatabaseError

from denrei.accounts import tenancy
from denrei.responses import answering, keeping, looking, pages
from denrei.responses.answering import AnswerError, Fault, Reply
from denrei.responses.keeping import Heard
from denrei.responses.models import Kind
from denrei.responses.pages import Page
from denrei.web.portal import drawing, forms, refusals
from denrei.web.portal.asked import Asked, Served, query

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What bounds a transaction that many wait for."""

    #: Milliseconds for a lock, and for a statement.
    lock: int
    statement: int
    #: The shard it counts in: who counts beside it in the same process should use another.
    shard: int


#: Serves requests to one organization; None for one that has to be asked again.
Round = Callable[[Sequence[Asked], Limits | None], list[Served | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Replied:
    """A reply that came with a request, and what is wrong with it."""

    page: Page
    reply: Reply
    #: The answer; None where something is wrong with it.
    heard: Heard | None = None
    faults: tuple[Fault, ...] = ()


def look(asked: Sequence[Asked], limits: Limits | None = None) -> list[Served | None]:
    """Show pages, or the thanks after an answer; looks are noted and confirm nothing."""
    found = _looked_at(asked, limits)
    return [
        _shown(one, found.get(one.named.subject_id)) if is_now else None
        for one, is_now in zip(asked, _at_once(asked, found), strict=True)
    ]


def _looked_at(asked: Sequence[Asked], limits: Limits | None) -> dict[int, Page]:
    """Return the pages, and note the looks; where only the note fails, the pages are shown."""
    found: dict[int, Page] = {}
    try:
        with _acting(asked, limits):
            found = _pages(asked)
            chosen = zip(asked, _at_once(asked, found), strict=True)
            seen = [
                (found[one.named.subject_id], one.visit)
                for one, is_now in chosen
                if is_now and one.named.subject_id in found
            ]
            if seen:
                looking.note_all(seen)
    except DatabaseError as error:
        if not found:
            raise
        told = {"deliveries": sorted(found), "fault": type(error).__name__}
        _log.warning("look not kept", extra=told)
    return found


def _at_once(asked: Sequence[Asked], found: dict[int, Page]) -> list[bool]:
    """Tell whose looks are noted with the first: those at one broadcast, and none by the unseen link."""
    known = [(one, page) for one in asked if (page := found.get(one.named.subject_id))]
    if not known:
        return [True] * len(asked)
    first, broadcast = known[0][0], known[0][1].broadcast_id
    return [
        one is first
        or page is None
        or (
            page.broadcast_id == broadcast and Kind.CANARY not in {one.visit.kind, first.visit.kind}
        )
        for one, page in ((one, found.get(one.named.subject_id)) for one in asked)
    ]


def _shown(asked: Asked, page: Page | None) -> Served:
    if page is None or asked.visit.kind is Kind.CANARY:
        return refusals.served(HTTPStatus.NOT_FOUND)
    for place, person in enumerate(page.people):
        if person.given and str(person.recipient_id) == asked.done:
            return _served(HTTPStatus.OK, *drawing.thanks(page, asked, place))
    return _served(HTTPStatus.OK, *drawing.question(page, asked))


def take(asked: Sequence[Asked], limits: Limits | None = None) -> list[Served | None]:
    """Take answers; where one can't be taken, ask again and keep what was typed."""
    with _acting(asked, limits):
        found = _pages(asked)
        replied = [_replied(one, found.get(one.named.subject_id)) for one in asked]
        kept = _kept([one.heard for one in replied if one and one.heard])
    return [_told(one, reply, kept) for one, reply in zip(asked, replied, strict=True)]


def _replied(asked: Asked, page: Page | None) -> _Replied | None:
    if page is None:
        return None
    reply = forms.read(asked.posted or {}, page)
    try:
        return _Replied(page=page, reply=reply, heard=answering.heard(page, reply))
    except AnswerError as error:
        return _Replied(page=page, reply=reply, faults=error.faults)


def _kept(heard: Sequence[Heard]) -> set[int]:
    """Keep what can be kept at once; return the `id` of each."""
    if not heard:
        return set()
    chosen = answering.together(heard)
    now = [one for one, is_now in zip(heard, chosen, strict=True) if is_now]
    keeping.keep_all(now)
    return {id(one) for one in now}


def _told(asked: Asked, replied: _Replied | None, kept: set[int]) -> Served | None:
    if replied is None:
        return refusals.served(HTTPStatus.NOT_FOUND)
    if replied.heard and id(replied.heard) not in kept:
        return None
    if asked.from_elsewhere:
        told = {"delivery": replied.page.delivery_id}
        _log.warning("answer from another site", extra=told)
    if replied.faults:
        drawn = drawing.question(replied.page, asked, replied.reply, replied.faults)
        return _served(HTTPStatus.UNPROCESSABLE_ENTITY, *drawn)
    # 303: fetch that page by GET, so that a reload does not answer again (RFC 9110, 15.4.4)
    there = asked.path + query(done=replied.reply.recipient_id, lang=asked.language)
    return Served(status=HTTPStatus.SEE_OTHER, headers=(("Location", there),))


def _served(status: HTTPStatus, body: str, language: str) -> Served:
    return Served(status=status, body=body.encode(), headers=(("Content-Language", language),))


def _pages(asked: Sequence[Asked]) -> dict[int, Page]:
    return pages.load_all(asked[0].named.organization_id, [one.named.subject_id for one in asked])


@contextmanager
def _acting(asked: Sequence[Asked], limits: Limits | None) -> Iterator[None]:
    """Act for the organization of these requests, within the limits."""
    organization = asked[0].named.organization_id
    if limits is None:
        with tenancy.acting_for(organization):
            yield
        return
    settings = {
        "lock_timeout": limits.lock,
        "statement_timeout": limits.statement,
        "denrei.shard": limits.shard,
    }
    with tenancy.acting_for(organization, settings):
        yield
