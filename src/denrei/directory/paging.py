"""One page of people at a time, by where the last page ended: page 10,000 costs what page 1 does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from denrei.directory.models import Recipient, RecipientQuerySet

#: People that are counted; above it lists say "以上".
COUNTED = 1_000


class Order(StrEnum):
    """By what a list of people is sorted; each has an index. The value is the column."""

    #: ふりがな
    KANA = "kana"
    #: 利用者コード
    CODE = "code"
    #: Last change.
    CHANGED = "updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins: beside a person, who is named by id alone so that addresses of pages
    tell nothing about him. No person: at the beginning.
    """

    order: Order = Order.KANA
    descending: bool = False
    #: The page begins after this person, or ends before him.
    beside: int | None = None
    backwards: bool = False
    size: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The people of one page, in order."""

    people: tuple[Recipient, ...]
    #: Whether there are people before the first and after the last.
    before: bool
    after: bool

    @property
    def is_whole(self) -> bool:
        """Whether everybody is on it."""
        return not (self.before or self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many people a search finds, counted up to `COUNTED`."""

    number: int
    #: There are more.
    capped: bool


#: Where a page begins: the value that is sorted by, and the id.
Anchor = tuple[object, int]
#: So many people in order, descending or not, after an anchor.
Fetch = Callable[[Anchor | None, bool, int], list[Recipient]]


def count(people: RecipientQuerySet) -> Count:
    """Count people, as far as it is cheap."""
    return counted(people.order_by()[: COUNTED + 1].count())


def counted(found: int) -> Count:
    """Return the count of what was looked for up to `COUNTED` + 1."""
    return Count(number=min(found, COUNTED), capped=found > COUNTED)


def page(people: RecipientQuerySet, place: Place, known: RecipientQuerySet) -> Page:
    """Return one page. Where the person beside it is gone, the first page.

    He need not be one of `people` any more, but one of `known`: all whom the operator sees. Where
    a page begins would else tell how anybody is called (ALL-5).
    """

    def fetch(anchor: Anchor | None, descending: bool, most: int) -> list[Recipient]:
        wanted = people
        if anchor is not None:
            wanted = people.filter(_beyond(place.order, anchor, descending))
        columns = (str(place.order), "id")
        ordered = wanted.order_by(*(f"-{name}" if descending else name for name in columns))
        return list(ordered[:most])

    return fetched(fetch, place, known)


def fetched(fetch: Fetch, place: Place, known: RecipientQuerySet) -> Page:
    """Return one page of what is fetched in some other way, as `page` does."""
    anchor = _anchor(place, known)
    backwards = place.backwards and anchor is not None
    rows = fetch(anchor, place.descending != backwards, place.size + 1)
    more, rows = len(rows) > place.size, rows[: place.size]
    if backwards:
        return Page(people=tuple(reversed(rows)), before=more, after=True)
    return Page(people=tuple(rows), before=anchor is not None, after=more)


def _anchor(place: Place, known: RecipientQuerySet) -> Anchor | None:
    if place.beside is None:
        return None
    found = known.filter(pk=place.beside).values_list(str(place.order), "pk").first()
    return None if found is None else (found[0], found[1])


def _beyond(order: Order, anchor: Anchor, descending: bool) -> Q:
    """Return the condition of coming after the anchor; its first part seeks in the index."""
    value, pk = anchor
    less = "lt" if descending else "gt"
    return Q(**{f"{order}__{less}e": value}) & (
        Q(**{f"{order}__{less}": value}) | Q(**{f"id__{less}": pk})
    )
