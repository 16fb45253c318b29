"""What the list of people shows, as its address says it; what can't be read counts as not said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Operator, Unit
from denrei.deliveries import suppressed
from denrei.directory.models import ContactGroup, Position
from denrei.directory.paging import Order, Place
from denrei.directory.searching import Search, Standing

#: 在籍, with an address that the ledger knows to be bad (EMC-6).
SUPPRESSED = "suppressed"
STATES: Mapping[str, object] = {
    Standing.ACTIVE: _("在籍"),
    Standing.UNCONFIRMED: _("未確認のアドレスあり"),
    SUPPRESSED: _("エラーアドレスあり"),
    Standing.UNREACHABLE: _("連絡先なし"),
    Standing.LEFT: _("退会"),
    Standing.ANY: _("退会も含む全員"),
}
ORDERS: Mapping[str, object] = {
    "kana": _("ふりがな順"),
    "-kana": _("ふりがなの逆順"),
    "code": _("コード順"),
    "-code": _("コードの逆順"),
    "-updated_at": _("変更の新しい順"),
    "updated_at": _("変更の古い順"),
}
SIZES = (25, 50, 100, 200)
#: Characters of a search; longer ones find nobody.
LONGEST = 100

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The head of a column by which the list can be sorted."""

    #: Of the list sorted by it; the other way where it already is.
    query: str
    #: "ascending", "descending" or "", as `aria-sort` says it.
    sorted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One view of the list."""

    text: str = ""
    unit: Unit | None = None
    group: ContactGroup | None = None
    position: Position | None = None
    state: str = Standing.ACTIVE
    sort: str = "kana"
    size: int = SIZES[0]
    beside: int | None = None
    backwards: bool = False
    #: How many people come before the page.
    skipped: int = 0

    @property
    def narrows(self) -> bool:
        """Whether it leaves anybody out but those who left."""
        said = (self.text, self.unit, self.group, self.position)
        return any(said) or self.state != Standing.ACTIVE

    @property
    def search(self) -> Search:
        """Return whom it means."""
        by_ledger = self.state == SUPPRESSED
        return Search(
            text=self.text,
            unit=self.unit,
            group=self.group,
            position=self.position,
            standing=Standing.ACTIVE if by_ledger else Standing(self.state),
            also=suppressed.holders() if by_ledger else None,
        )

    @property
    def place(self) -> Place:
        """Return which page of them."""
        return Place(
            order=Order(self.sort.removeprefix("-")),
            descending=self.sort.startswith("-"),
            beside=self.beside,
            backwards=self.backwards,
            size=self.size,
        )

    @property
    def query(self) -> str:
        """Return the address's query without the page: whom, and in which order."""
        said = {
            "q": self.text,
            "unit": self.unit.pk if self.unit else "",
            "group": self.group.pk if self.group else "",
            "position": self.position.pk if self.position else "",
            "state": "" if self.state == Standing.ACTIVE else self.state,
            "sort": "" if self.sort == "kana" else self.sort,
            "size": "" if self.size == SIZES[0] else self.size,
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def headings(self) -> dict[str, Heading]:
        """Return how the columns that sort are headed."""
        return {column: self._heading(column) for column in ("kana", "code")}

    def _heading(self, column: str) -> Heading:
        other = f"-{column}" if self.sort == column else column
        said = {column: "ascending", f"-{column}": "descending"}
        return Heading(query=replace(self, sort=other).query, sorted=said.get(self.sort, ""))

    def turned(self, beside: int, skipped: int, *, backwards: bool = False) -> str:
        """Return the query of the page after a person, or before him."""
        way = "before" if backwards else "after"
        return "&".join(filter(None, (self.query, urlencode({way: beside, "skip": skipped}))))


def read(said: QueryDict, operator: Operator) -> Choice:
    """Read the query of an address."""
    before = _number(said, "before")
    return Choice(
        text=said.get("q", "").replace("\0", "").strip()[:LONGEST],
        unit=_one(Unit.objects.visible_to(operator), said, "unit"),
        group=_one(ContactGroup.objects.all(), said, "group"),
        position=_one(Position.objects.all(), said, "position"),
        state=_of(STATES, said.get("state", ""), Standing.ACTIVE),
        sort=_of(ORDERS, said.get("sort", ""), "kana"),
        size=_of(SIZES, _number(said, "size") or 0, SIZES[0]),
        beside=before or _number(said, "after"),
        backwards=before is not None,
        skipped=_number(said, "skip") or 0,
    )


def _one(rows: QuerySet[Row], said: QueryDict, name: str) -> Row | None:
    number = _number(said, name)
    return None if number is None else rows.filter(pk=number).first()


def _number(said: QueryDict, name: str) -> int | None:
    """Read a number that fits a bigint."""
    value = said.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


Value = TypeVar("Value")


def _of(known: Iterable[Value], value: Value, otherwise: Value) -> Value:
    return value if value in known else otherwise
