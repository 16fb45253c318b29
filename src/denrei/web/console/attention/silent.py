"""無音ドロップ疑い: contacts that take every message and never show a human (NEW-2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_safe

from denrei.accounts import audit, rights
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right
from denrei.deliveries.attention import facts
from denrei.deliveries.attention.silence import SUSPECTED, Silence, SilenceQuerySet
from denrei.deliveries.rounds import SETTLED_DAYS
from denrei.directory import addresses
from denrei.directory.models import Recipient
from denrei.domain.states import Medium
from denrei.web.console import downloads
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.attention import cards, choosing, figures
from denrei.web.console.attention.cards import Way
from denrei.web.console.attention.choosing import PAGE
from denrei.web.console.people import rows

#: The longest silent first.
_ORDER = ("first_at", "contact_id")
#: What the person can look at, by medium.
_CAUSES: Mapping[Medium, object] = {
    Medium.MAIL: gettext_lazy("迷惑メールの振り分けを確かめ、次の送信元からの受信を許可してもらう"),
    Medium.SMS: gettext_lazy("SMSの受信拒否と、迷惑SMSの振り分けを確かめてもらう"),
    Medium.PHONE: gettext_lazy("留守番電話や転送が先に出ていないかを確かめてもらう"),
    Medium.APP: gettext_lazy("アプリの通知がオンで、端末を今も使っているかを確かめてもらう"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One silent contact."""

    silence: Silence
    ways: Sequence[Way]
    #: Senders that the person should let through; only mail has some.
    senders: Sequence[str]

    @property
    def person(self) -> Recipient:
        """Whose contact it is."""
        return self.silence.recipient

    @property
    def label(self) -> str:
        """What people call the contact: メール1."""
        return rows.label(self.silence.kind, self.silence.contact.slot)

    @property
    def address(self) -> str:
        """The contact as people read it; a device of the app has none."""
        return addresses.shown(self.silence.contact.address, self.silence.kind)

    @property
    def cause(self) -> str:
        """What the person can look at."""
        return str(_CAUSES[self.silence.kind])


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/attention/silent/`."""
    operator = operator_of(request)
    after = choosing.read(request.GET).after
    page = list(_found(operator, after)[: PAGE + 1])
    context = {
        "cards": _cards(page[:PAGE], organization_of(request)),
        "number": figures.silent(operator),
        "after": after,
        "next": page[PAGE - 1].pk if len(page) > PAGE else None,
        "most": PAGE,
        "times": SUSPECTED,
        "days": SETTLED_DAYS,
    }
    return render(request, "console/attention/silent.html", context)


@rights.needs(Right.PEOPLE)
@require_GET
def download(request: HttpRequest) -> HttpResponseBase:
    """Serve `/console/attention/silent/export.csv`."""
    operator, organization = operator_of(request), organization_of(request)
    told = {"rows": figures.silent(operator)}
    audit.record(organization.pk, "attention.silent_exported", organization, operator, after=told)
    pieces = downloads.pieces_of(
        organization, _found(operator), lambda piece: map(_cells, _cards(piece, organization))
    )
    return downloads.served("muon-drop", _heading, pieces)


def _found(operator: Operator, after: int | None = None) -> SilenceQuerySet:
    """Return the contacts behind the one that ended the last page (ALL-5: a visible one)."""
    visible = Silence.objects.visible_to(operator)
    found = visible.suspected().select_related("recipient__unit", "contact").order_by(*_ORDER)
    last = visible.filter(pk=after).first()
    if last is None:
        return found
    same = Q(first_at=last.first_at, contact_id__gt=last.pk)
    return found.filter(Q(first_at__gt=last.first_at) | same)


def _cards(found: Sequence[Silence], organization: Organization) -> list[Card]:
    others = facts.others({one.recipient_id for one in found})
    senders = cards.senders_of([one.recipient for one in found], organization)
    return [
        Card(
            silence=one,
            ways=cards.ways(others.get(one.recipient_id, []), one.pk),
            senders=senders[one.recipient.unit_id] if one.kind is Medium.MAIL else (),
        )
        for one in found
    ]


def _heading() -> list[str]:
    return [
        _("氏名"),
        _("ふりがな"),
        _("コード"),
        _("所属"),
        _("連絡先の種類"),
        _("連絡先"),
        _("続けて引渡し"),
        _("最初"),
        _("最後"),
        _("ほかに使える連絡先"),
    ]


def _cells(card: Card) -> Iterator[str]:
    silence, person = card.silence, card.person
    yield from (person.name, person.kana, person.code, person.unit.name if person.unit else "")
    yield from (card.label, card.address, str(silence.handed_over))
    yield from (downloads.moment(silence.first_at), downloads.moment(silence.last_at))
    yield _("、").join(way.words for way in card.ways)
