"""What the frame around every page of the console shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.accounts import labels, rights
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the main menu."""

    name: str
    words: str | Promise
    right: Right


#: In the order of the menu; `name` is that of the address.
MENU = (
    Item(name="home", words=_("ホーム"), right=Right.READ),
    Item(name="broadcasts", words=_("送信状況"), right=Right.READ),
    Item(name="drafts", words=_("下書き"), right=Right.SEND),
    Item(name="templates", words=_("定型連絡"), right=Right.SEND),
    Item(name="people", words=_("名簿"), right=Right.READ),
    Item(name="masters", words=_("区分"), right=Right.READ),
    Item(name="settings", words=_("設定"), right=Right.ORGANIZATION),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A menu item as one operator sees it."""

    address: str
    words: str
    current: bool


def context(request: HttpRequest) -> dict[str, object]:
    """Return what templates of the console may use on every page."""
    organization: Organization | None = getattr(request, "organization", None)
    if organization is None:
        return {}
    return {
        "organization": organization,
        "operator": request.user if request.user.is_authenticated else None,
        "menu": list(_menu(request)),
        "labels": labels.of(organization),
        "may_send": _may(request, Right.SEND),
        "may_people": _may(request, Right.PEOPLE),
        "may_operators": _may(request, Right.OPERATORS),
        "may_organization": _may(request, Right.ORGANIZATION),
        "now": timezone.now(),
    }


def _may(request: HttpRequest, right: Right) -> bool:
    return isinstance(request.user, Operator) and rights.may(request.user, right)


def _menu(request: HttpRequest) -> Iterator[Link]:
    for item in MENU:
        if not _may(request, item.right):
            continue
        try:
            address = reverse(f"console:{item.name}")
        except NoReverseMatch:
            continue
        here = request.path == address or (item.name != "home" and request.path.startswith(address))
        yield Link(address=address, words=str(item.words), current=here)
