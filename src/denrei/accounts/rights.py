"""What a page asks of the operator who opens it, and what each role may do (OPS-4, ALL-5).

Every view says its right by `needs`; one that says none is refused to everybody (`denrei.web.gate`).
The unit bounds *whom* an operator sees; that is asked by the queries, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from denrei.accounts.models import Operator, Role

View = TypeVar("View", bound=Callable[..., Any])
#: Below this address lie the pages of operators; elsewhere nobody asks who is there.
CONSOLE = "/console/"
#: Methods of HTTP that change nothing.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Right(StrEnum):
    """What a page may ask for."""

    #: Nothing: recipients' pages, sign-in.
    OPEN = "open"
    #: Any operator: his own account.
    OWN = "own"
    #: Sees people, masters and broadcasts.
    READ = "read"
    #: Changes people.
    PEOPLE = "people"
    #: Writes drafts and sends broadcasts.
    SEND = "send"
    #: Manages operators of his unit and below.
    OPERATORS = "operators"
    #: Changes what the whole organization shares: masters, settings.
    ORGANIZATION = "organization"


_READER = frozenset({Right.OWN, Right.READ})
_SENDER = _READER | {Right.PEOPLE, Right.SEND}
_ADMIN = _SENDER | {Right.OPERATORS}
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: _READER,
    Role.SENDER: _SENDER,
    Role.ADMIN: _ADMIN,
}


def may(operator: Operator, right: Right) -> bool:
    """Tell whether an operator has a right; what all share is for administrators without a unit."""
    if right is Right.OPEN:
        return True
    if right is Right.ORGANIZATION:
        return operator.role == Role.ADMIN and operator.unit_id is None
    return right in RIGHTS[Role(operator.role)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a view asks for to be read, and to change something."""

    read: Right
    write: Right

    def of(self, method: str) -> Right:
        """Return the right that a method of HTTP asks for."""
        return self.read if method in SAFE_METHODS else self.write


def needs(read: Right, write: Right | None = None) -> Callable[[View], View]:
    """Declare what a view asks for; `write` for methods that change something, default `read`."""

    def declare(view: View) -> View:
        view.need = Need(read=read, write=write or read)  # type: ignore[attr-defined] # ours
        return view

    return declare


def need_of(view: Callable[..., Any]) -> Need | None:
    """Return what a view declared; None for one that declared nothing."""
    found = getattr(view, "need", None)
    return found if isinstance(found, Need) else None
