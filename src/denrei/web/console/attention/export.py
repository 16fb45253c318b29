"""The cases of the present filter as a CSV file (EMC-7)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denrei.accounts import audit, rights, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right
from denrei.deliveries.attention.models import AttentionQuerySet
from denrei.domain import spreadsheets
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.attention import cards, choosing, figures, words
from denrei.web.console.attention.cards import Card
from denrei.web.console.attention.choosing import Choice

#: By it Excel knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
#: Rows that go out in one piece.
_ROWS = 500


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
    wanted = Wanted(
        found=found,
        choice=choice,
        organization=organization,
        operator=operator,
        now=timezone.now(),
        language=translation.get_language(),
        zone=timezone.get_current_timezone(),
    )
    name = f"youtaiou-{timezone.localtime(wanted.now):%Y%m%d-%H%M}.csv"
    return StreamingHttpResponse(
        wanted.pieces(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be written; the request is over when the pieces of the file are asked for."""

    found: AttentionQuerySet
    choice: Choice
    organization: Organization
    operator: Operator
    now: datetime
    language: str
    zone: tzinfo

    def pieces(self) -> Iterator[str]:
        """Yield the file in pieces, in a transaction of its own."""
        yield _BYTE_ORDER_MARK + self._written([])
        with tenancy.acting_for(self.organization.pk):
            related = ("recipient__unit", "contact", "assigned_to", "handled_by")
            ordered = self.found.select_related(*related).order_by(*self.choice.order)
            rows = ordered.iterator(chunk_size=_ROWS)
            while piece := list(islice(rows, _ROWS)):
                yield self._written(cards.of(piece, self.organization, self.operator, self.now))

    def _written(self, shown: Sequence[Card]) -> str:
        """Return rows in the language and the time zone of who asked; the heading for no rows."""
        text = io.StringIO()
        with translation.override(self.language), timezone.override(self.zone):
            rows = [list(_cells(card)) for card in shown] or [_heading()]
        csv.writer(text).writerows([spreadsheets.written(cell) for cell in row] for row in rows)
        return text.getvalue()


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
    yield from (_time(case.since), _time(case.last_at), str(case.times), card.title)
    yield from (card.standing, case.assigned_to.name if case.assigned_to else "")
    yield _time(case.snoozed_until if card.is_asleep else None)
    yield from (card.ending, _time(card.over_at), by) if card.is_over else ("", "", "")
    yield from (case.note, _("、").join(way.words for way in card.ways), card.reply)


def _time(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
