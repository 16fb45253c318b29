"""What the frame around every page of the console shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from denrei.accounts import labels, rights
from denrei.accounts.labels import Label
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right
from denrei.web.console.alarms.banner import Banner
from denrei.web.console.attention import figures
from denrei.web.console.received import listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the main menu, or of the tabs below it."""

    name: str
    #: A `Label` is called as the organization calls it.
    words: str | Promise | Label
    right: Right
    #: Shown as tabs on the pages of all of them; the item leads to the first one allowed.
    below: tuple[Item, ...] = ()
    #: How many things of it wait for somebody, "" for none; asked on every page with a menu.
    pill: Callable[[Operator], str] | None = None


_OFFICE = (
    Item(name="settings", words=_("団体の設定"), right=Right.ORGANIZATION),
    Item(name="operators", words=Label.OPERATORS, right=Right.OPERATORS),
    Item(name="gateways", words=_("送信経路"), right=Right.ORGANIZATION),
    Item(name="mailboxes", words=_("メールボックス"), right=Right.ORGANIZATION),
    Item(name="units", words=_("所属"), right=Right.OPERATORS),
    Item(name="trail", words=_("操作の記録"), right=Right.OPERATORS),
)
#: In the order of the menu; `name` is that of the address.
MENU = (
    Item(name="home", words=_("ホーム"), right=Right.READ),
    Item(name="broadcasts", words=_("送信状況"), right=Right.READ),
    Item(name="attention", words=_("要対応"), right=Right.READ, pill=figures.pill),
    Item(name="received", words=_("受信"), right=Right.READ, pill=listing.pill),
    Item(name="drafts", words=_("下書き"), right=Right.SEND),
    Item(name="templates", words=_("定型連絡"), right=Right.SEND),
    Item(name="people", words=_("名簿"), right=Right.READ),
    Item(name="masters", words=_("区分"), right=Right.READ),
    # of the demo alone (CONSOLE_PAGES): elsewhere there is no such address
    Item(name="handsets", words=_("仮想端末"), right=Right.READ),
    Item(name="settings", words=_("設定"), right=Right.OPERATORS, below=_OFFICE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A menu item as one operator sees it."""

    address: str
    words: str
    current: bool
    pill: str = ""


def context(request: HttpRequest) -> dict[str, object]:
    """Return what templates of the console may use on every page."""
    organization: Organization | None = getattr(request, "organization", None)
    if organization is None:
        return {"training": settings.TRAINING}
    names = labels.of(organization)
    return {
        "training": settings.TRAINING,
        "organization": organization,
        "operator": request.user if request.user.is_authenticated else None,
        # a part of a page has no menu, and need not count what waits
        "menu": SimpleLazyObject(lambda: list(_menu(request, names))),
        "tabs": _tabs(request, names),
        "labels": names,
        "may_send": _may(request, Right.SEND),
        "may_people": _may(request, Right.PEOPLE),
        "may_operators": _may(request, Right.OPERATORS),
        "may_organization": _may(request, Right.ORGANIZATION),
        "banner": _banner(request),
        "now": timezone.now(),
    }


def _banner(request: HttpRequest) -> Banner | None:
    return Banner(request.user) if isinstance(request.user, Operator) else None


def _may(request: HttpRequest, right: Right) -> bool:
    return isinstance(request.user, Operator) and rights.may(request.user, right)


def _menu(request: HttpRequest, names: Mapping[str, str]) -> Iterator[Link]:
    for item in MENU:
        inside = list(_links(request, item.below or (item,), names))
        if inside:
            words = _words(item, names)
            current = any(link.current for link in inside)
            yield Link(
                address=inside[0].address, words=words, current=current, pill=_pill(request, item)
            )


def _pill(request: HttpRequest, item: Item) -> str:
    if item.pill is None or not isinstance(request.user, Operator):
        return ""
    return item.pill(request.user)


def _tabs(request: HttpRequest, names: Mapping[str, str]) -> list[Link]:
    """Return the tabs of the page's menu item; none where it has none."""
    for item in MENU:
        inside = list(_links(request, item.below, names))
        if any(link.current for link in inside):
            return inside
    return []


def _links(request: HttpRequest, items: Iterable[Item], names: Mapping[str, str]) -> Iterator[Link]:
    for item in items:
        if not _may(request, item.right):
            continue
        try:
            address = reverse(f"console:{item.name}")
        except NoReverseMatch:
            continue
        here = request.path == address or (item.name != "home" and request.path.startswith(address))
        yield Link(address=address, words=_words(item, names), current=here)


def _words(item: Item, names: Mapping[str, str]) -> str:
    return names[item.words] if isinstance(item.words, Label) else str(item.words)
