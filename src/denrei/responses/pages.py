"""What an answer page is about: opened by its token, read in one statement."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString

from django.db import connection

from denrei.accounts import arrays, tenancy
from denrei.broadcasts.content import Content, Phrase
from denrei.deliveries import links
from denrei.domain import tokens
from denrei.domain.states import Look, Medium
from denrei.responses.models import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The answer that counts so far."""

    #: "": 受信確認 only.
    choice: str
    #: In Japanese, as it read then.
    words: str
    needs_help: bool
    source: Source
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of those whom a delivery reaches."""

    recipient_id: int
    #: As it was at launch.
    name: str
    #: Who looked at any page of this person so far.
    looked: Look
    given: Given | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page of one delivery."""

    organization_id: int
    broadcast_id: int
    delivery_id: int
    medium: Medium
    #: The language that the delivery was written in.
    language: str
    content: Content
    launched_at: datetime
    #: The broadcast was stopped or given up: answers are taken and marked as late.
    ended: bool
    #: Handed over a moment ago: hardly a person can have read it.
    fresh: bool
    #: Never empty; several where a household shares the address (NEW-5).
    people: tuple[Person, ...]
    #: The subject of the latest broadcast that corrects or withdraws this one (NEW-13).
    later: Phrase | None = None

    def person(self, recipient_id: int | None) -> Person | None:
        """Return one of those whom it reaches."""
        return next((one for one in self.people if one.recipient_id == recipient_id), None)


# By value: to call an enumeration costs ten times as much.
_MEDIA = {one.value: one for one in Medium}
_LOOKS = {one.value: one for one in Look}
_SOURCES = {one.value: one for one in Source}

#: Stands for every token that is not ours: asked for all the same, so that it takes as long.
_NOBODY = tokens.Opened(organization_id=0, subject_id=0)


def named_by(token: str) -> tokens.Opened:
    """Return organization and delivery that a token names; ids of nobody where it is none of ours."""
    return tokens.open_token(links.keyring(), tokens.Purpose.ANSWER, token) or _NOBODY


@contextmanager
def opened(token: str) -> Iterator[Page | None]:
    """Open a transaction that acts for the token's organization; give its page, or None.

    A token that is forged, of another purpose, of a delivery that is gone, or no token at all:
    the same work is done, and nothing tells them apart.
    """
    named = named_by(token)
    with tenancy.acting_for(named.organization_id):
        yield load(named.organization_id, named.subject_id)


def load(organization_id: int, delivery_id: int) -> Page | None:
    """Return the page of a delivery; the transaction must act for the organization."""
    return load_all(organization_id, [delivery_id]).get(delivery_id)


def load_all(organization_id: int, delivery_ids: Collection[int]) -> dict[int, Page]:
    """Return delivery → its page, of those that there are; the transaction must act for the organization."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"deliveries": arrays.numbers(sorted(set(delivery_ids)))})
        rows = cursor.fetchall()
    said: dict[tuple[int, int], tuple[Content, datetime, bool, Phrase | None]] = {}
    found = {}
    for delivery, of_it in groupby(rows, itemgetter(0)):
        first, *others = of_it
        _, broadcast, wave, medium, language, words, launched_at, ended, later, fresh, *_ = first
        if words is not None:
            said[broadcast, wave] = _content(words), launched_at, ended, _later(later)
        content, launched_at, ended, later = said[broadcast, wave]
        found[delivery] = Page(
            organization_id=organization_id,
            broadcast_id=broadcast,
            delivery_id=delivery,
            medium=_MEDIA[medium],
            language=language,
            content=content,
            launched_at=launched_at,
            ended=ended,
            later=later,
            fresh=fresh,
            people=tuple(_person(row[10:]) for row in (first, *others)),
        )
    return found


@lru_cache(maxsize=64)
def _content(words: str) -> Content:
    """Return what a wave said; it is never changed, and thousands ask for it within minutes."""
    return Content.from_json(words)


def _later(incident: str | Mapping[str, str] | None) -> Phrase | None:
    """Read a subject: as text where the connection leaves JSON as it is."""
    if incident is None:
        return None
    return Phrase(**(json.loads(incident) if isinstance(incident, str) else incident))


def _person(row: Sequence[Any]) -> Person:
    recipient_id, name, looked, choice, words, needs_help, source, comment, at = row
    given = None
    if at is not None:
        given = Given(
            choice=choice,
            words=words,
            needs_help=needs_help,
            source=_SOURCES[source],
            comment=comment,
            at=at,
        )
    return Person(recipient_id=recipient_id, name=name, looked=_LOOKS[looked], given=given)


@cache
def _statement() -> LiteralString:
    path = resources.files("denrei.responses") / "sql" / "page.sql"
    return path.read_text(encoding="utf-8")
