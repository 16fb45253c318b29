"""What the list of cases shows, as its address says it; what can't be read counts as not said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from django.db.models import Q
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Operator
from denrei.deliveries.attention.models import Attention, AttentionQuerySet
from denrei.directory import searching
from denrei.directory.searching import Search, Standing
from denrei.domain.attention import CODES
from denrei.domain.status import Status
from denrei.web.console.statuses.looks import anchor

#: Cases on a page.
PAGE = 20
#: Characters of a search; longer ones find nobody.
LONGEST = 100


class Which(StrEnum):
    """How the cases of a list stand."""

    #: Whoever looks after them.
    ALL = ""
    #: Nobody looks after them.
    NEW = "new"
    #: Somebody does.
    TAKEN = "taken"
    MINE = "mine"
    #: Put off.
    LATER = "later"
    #: The person can be reached by nothing else.
    ALONE = "alone"
    DONE = "done"


class Sort(StrEnum):
    """By what a list is sorted."""

    OLD = ""
    NEW = "new"
    #: Those first who can be reached by nothing else, then the oldest.
    ALONE = "alone"


WHICH: Mapping[Which, object] = {
    Which.ALL: _("未対応と対応中"),
    Which.NEW: _("未対応"),
    Which.TAKEN: _("対応中"),
    Which.MINE: _("自分が担当"),
    Which.LATER: _("先送り"),
    Which.ALONE: _("ほかに手段がない"),
    Which.DONE: _("対応済み"),
}
SORTS: Mapping[Sort, object] = {
    Sort.OLD: _("古い順"),
    Sort.NEW: _("新しい順"),
    Sort.ALONE: _("ほかに手段がない人から"),
}
_ORDERS: Mapping[Sort, tuple[str, ...]] = {
    Sort.OLD: ("since", "id"),
    Sort.NEW: ("-since", "-id"),
    Sort.ALONE: ("-alone", "since", "id"),
}
_ENDED = ("-over_at", "-id")
#: The statuses by the names under which addresses know them, in the order of their codes.
STATUSES: Mapping[str, Status] = {anchor(status): status for status in CODES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One view of the list."""

    text: str = ""
    which: Which = Which.ALL
    #: A key of `STATUSES`, or "" for all.
    status: str = ""
    sort: Sort = Sort.OLD
    #: The page begins after this case.
    after: int | None = None

    @property
    def query(self) -> str:
        """Return the address's query without the page."""
        said = {"q": self.text, "which": self.which, "status": self.status, "sort": self.sort}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def narrows(self) -> bool:
        """Whether it is not the list as it opens."""
        return bool(self.text or self.which or self.status)

    @property
    def ended(self) -> bool:
        """Whether it shows what is over."""
        return self.which is Which.DONE

    @property
    def order(self) -> tuple[str, ...]:
        """Return the columns of its order."""
        return _ENDED if self.ended else _ORDERS[self.sort]

    def of_status(self, status: str) -> Choice:
        """Return the same view of another status, from its beginning."""
        return replace(self, status=status, after=None)


def read(said: QueryDict) -> Choice:
    """Read the query of an address."""
    after = said.get("after", "")
    return Choice(
        text=said.get("q", "").replace("\0", "").strip()[:LONGEST],
        which=_of(Which, said.get("which", ""), Which.ALL),
        status=_of(STATUSES, said.get("status", ""), ""),
        sort=_of(Sort, said.get("sort", ""), Sort.OLD),
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None,
    )


Value = TypeVar("Value", bound=str)


def _of(known: Iterable[Value], value: str, otherwise: Value) -> Value:
    return next((one for one in known if one == value), otherwise)


def cases(operator: Operator, choice: Choice) -> AttentionQuerySet:
    """Return the cases meant, of all statuses, in no order; of those whom the operator sees."""
    visible = Attention.objects.visible_to(operator).with_alone()
    found = _standing(visible, operator, choice.which)
    if choice.text:
        people = searching.people(operator, Search(text=choice.text, standing=Standing.ANY))
        found = found.filter(recipient__in=people)
    return found


def _standing(visible: AttentionQuerySet, operator: Operator, which: Which) -> AttentionQuerySet:
    if which is Which.DONE:
        return visible.over()
    if which is Which.LATER:
        return visible.open().asleep()
    if which is Which.MINE:
        return visible.open().filter(assigned_to=operator)
    return visible.open().awake().filter(_AWAKE.get(which, Q()))


#: Conditions on those that are open and not put off.
_AWAKE: Mapping[Which, Q] = {
    Which.NEW: Q(assigned_to=None),
    Which.TAKEN: Q(assigned_to__isnull=False),
    Which.ALONE: Q(alone=True),
}


def narrowed(found: AttentionQuerySet, choice: Choice) -> AttentionQuerySet:
    """Return those of the choice's status."""
    return found.filter(status=CODES[STATUSES[choice.status]]) if choice.status else found


def page(found: AttentionQuerySet, choice: Choice, operator: Operator) -> list[Attention]:
    """Return the cases of a page and one more, where there are more."""
    if choice.after is not None:
        found = found.filter(_beyond(choice, choice.after, operator))
    shown = found.select_related("recipient__unit", "contact", "assigned_to", "handled_by")
    return list(shown.order_by(*choice.order)[: PAGE + 1])


def _beyond(choice: Choice, after: int, operator: Operator) -> Q:
    """Return the condition of coming after the case that ended the last page (ALL-5: a visible one)."""
    known = Attention.objects.visible_to(operator).with_alone()
    known = known.over() if choice.ended else known
    columns = [column.removeprefix("-") for column in choice.order]
    anchor_row = known.filter(pk=after).values(*columns).first()
    if anchor_row is None:
        return Q()
    beyond, same = Q(), Q()
    for column, name in zip(choice.order, columns, strict=True):
        value = anchor_row[name]
        if value is True:  # of two truth values, False comes after True and nothing after False
            beyond |= same & Q(**{name: False})
        elif value is not False:
            way = "lt" if column.startswith("-") else "gt"
            beyond |= same & Q(**{f"{name}__{way}": value})
        same &= Q(**{name: value})
    return beyond
