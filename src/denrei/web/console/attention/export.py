"""The cases of the present filter as a CSV file (EMC-7)."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denrei.accounts import audit, rights
from denrei.accounts.rights import Right
from denrei.web.console import downloads
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.attention import cards, choosing, figures, words
from denrei.web.console.attention.cards import Card


@rights.needs(Right.PEOPLE)
@require_GET
def download(request: HttpRequest) -> HttpResponseBase:
    """Serve `/console/attention/export.csv`: a file as it is read, however long."""
    operator, organization = operator_of(request), organization_of(request)
    choice = choosing.read(request.GET)
    found = choosing.narrowed(choosing.cases(operator, choice), choice)
    number = found.order_by()[: figures.CAP + 1].count()
    told = {"filter": choice.query, "rows": f"{figures.CAP}+" if number > figures.CAP else number}
    audit.record(organization.pk, "attention.exported", organization, operator, after=told)
    related = ("recipient__unit", "contact", "assigned_to", "handled_by")
    now = timezone.now()
    pieces = downloads.pieces_of(
        organization,
        found.select_related(*related).order_by(*choice.order),
        lambda piece: map(_cells, cards.of(piece, organization, operator, now)),
    )
    return downloads.served("youtaiou", _heading, pieces)


def _heading() -> list[str]:
    return [
        _("氏名"),
        _("ふりがな"),
        _("コード"),
        _("所属"),
        _("連絡先の種類"),
        _("連絡先"),
        _("状態"),
        _("理由"),
        _("いつから"),
        _("最後"),
        _("回数"),
        _("連絡"),
        _("対応"),
        _("担当"),
        _("先送りの期限"),
        _("対応の結果"),
        _("対応した日時"),
        _("対応した人"),
        _("メモ"),
        _("ほかに使える連絡先"),
        _("相手の返答"),
    ]


def _cells(card: Card) -> Iterator[str]:
    case, person = card.case, card.person
    by = case.handled_by.name if case.handled_by else ""
    yield from (person.name, person.kana, person.code, person.unit.name if person.unit else "")
    yield from (card.label, card.address, card.status, words.why(case, card.origin))
    yield from (
        downloads.moment(case.since),
        downloads.moment(case.last_at),
        str(case.times),
        card.title,
    )
    yield from (card.standing, case.assigned_to.name if case.assigned_to else "")
    yield downloads.moment(case.snoozed_until if card.is_asleep else None)
    yield from (card.ending, downloads.moment(card.over_at), by) if card.is_over else ("", "", "")
    yield from (case.note, _("、").join(way.words for way in card.ways), card.reply)
