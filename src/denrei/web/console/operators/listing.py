"""The list of operators: which of them, with what each row shows, page by page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils.http import urlencode

from denrei.accounts import locking, second_factor
from denrei.accounts.models import Operator, OperatorQuerySet
from denrei.web.console.operators.forms import Which

#: Rows of one page.
ROWS = 50
_STATES: Mapping[str, Q] = {
    "": Q(is_active=True),
    "inactive": Q(is_active=False),
    "all": Q(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One operator as the list shows him."""

    operator: Operator
    second_factor: bool
    locked_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list."""

    rows: tuple[Row, ...]
    total: int
    #: The query of the next page; "" on the last one.
    following: str


def read(asker: Operator, which: Which) -> Listing:
    """Return the page that was asked for; what can't be read in the question is left out."""
    asked = which.cleaned_data if which.is_valid() else {}
    found = _found(asker, asked)
    page = found.filter(login__gt=asked["after"]) if asked.get("after") else found
    operators = list(page.select_related("unit")[: ROWS + 1])
    shown = operators[:ROWS]
    return Listing(
        rows=tuple(_rows(shown)),
        total=found.count(),
        following=_following(asked, shown[-1]) if len(operators) > ROWS else "",
    )


def _rows(operators: Sequence[Operator]) -> Iterator[Row]:
    locks = locking.locked_among(operators)
    factors = Authenticator.objects.filter(user__in=operators, type__in=second_factor.FACTORS)
    having = set(factors.values_list("user_id", flat=True))
    for one in operators:
        yield Row(operator=one, second_factor=one.pk in having, locked_until=locks.get(one.pk))


def _found(asker: Operator, asked: Mapping[str, str]) -> OperatorQuerySet:
    part = unicodedata.normalize("NFKC", asked.get("q", ""))
    return (
        Operator.objects.visible_to(asker)
        .filter(_STATES[asked.get("state", "")])
        .filter(Q(name__icontains=part) | Q(login__icontains=part))
        .order_by("login")
    )


def _following(asked: Mapping[str, str], last: Operator) -> str:
    kept = {name: asked[name] for name in ("q", "state") if asked.get(name)}
    return urlencode({**kept, "after": last.login})
