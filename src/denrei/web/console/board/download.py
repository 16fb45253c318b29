"""The people of a board as a CSV file, under the present filter (ALL-4).

One snapshot, so that everybody is in the file once and its figures add up, however long it takes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denrei.accounts import audit, rights, tenancy
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.domain import spreadsheets
from denrei.domain.states import Grade
from denrei.reports.people import People, Person, Sent, Wish
from denrei.responses.models import Response, Source
from denrei.web.console.asking import operator_of
from denrei.web.console.board import choosing, page, rows
from denrei.web.console.board.choosing import Choice

#: By it Excel knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
#: People that go out in one piece.
_PIECE = 500
#: A reader who takes nothing for so long holds the snapshot no longer.
_PATIENCE = "60s"


@rights.needs(Right.PEOPLE)
@require_GET
def download(request: HttpRequest, broadcast_id: int) -> HttpResponseBase:
    """Serve `/console/broadcasts/ID/people.csv`: a file as it is read, however long."""
    found, operator = page.look(request, broadcast_id), operator_of(request)
    answers = [choice.code for choice in found.content.choices]
    choice = choosing.read(request.GET, operator, answers)
    _record(found.broadcast, operator, choice, choice.count(found.board))
    spoken = translation.get_language() or settings.LANGUAGE_CODE
    zone = timezone.get_current_timezone()
    name = f"broadcast-{found.broadcast.pk}-{timezone.localtime():%Y%m%d-%H%M}.csv"
    return StreamingHttpResponse(
        _pieces(found.broadcast, found.content, choice.wish(operator), spoken, zone),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _record(broadcast: Broadcast, operator: Operator, choice: Choice, count: int | None) -> None:
    facts = {"query": choice.query, "people": "" if count is None else str(count)}
    audit.record(
        broadcast.organization_id, "broadcast.people_exported", broadcast, operator, after=facts
    )


def heading() -> list[str]:
    """Return the first row."""
    return [
        _("氏名"),
        _("所属"),
        _("証拠"),
        _("手段と状態"),
        _("送信回数"),
        _("二重送信の可能性"),
        _("アクセス"),
        _("最新の回答"),
        _("回答日時"),
        _("回答した人"),
        _("ひとこと"),
        _("最初の回答"),
        _("最初の回答日時"),
        _("遅れた回答"),
        _("支援が必要"),
    ]


def _pieces(
    broadcast: Broadcast, content: Content, wish: Wish, spoken: str, zone: tzinfo
) -> Iterator[str]:
    """Yield the file in pieces; the request, with its language and zone, is over by then."""
    with translation.override(spoken):
        first = _BYTE_ORDER_MARK + _written([heading()])
    yield first
    with transaction.atomic():
        _take_a_snapshot()
        with tenancy.acting_for(broadcast.organization_id):
            people, after = People(broadcast.pk, wish), None
            while piece := people.page(after, _PIECE):
                after = piece[-1].place
                with translation.override(spoken), timezone.override(zone):
                    written = _written(_cells(person, content) for person in piece)
                yield written


def _take_a_snapshot() -> None:
    if connection.in_atomic_block and len(connection.savepoint_ids):
        return
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{_PATIENCE}'")


def _written(cells: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(
        [spreadsheets.written(cell) if cell else "" for cell in row] for row in cells
    )
    return text.getvalue()


def _cells(person: Person, content: Content) -> list[str]:
    yes = _("はい")
    return [
        person.name,
        person.unit,
        _evidence(person.grade),
        "；".join(_way(one) for one in person.sent),
        str(sum(one.tries for one in person.sent)),
        yes if any(one.in_doubt for one in person.sent) else "",
        _(person.looked.label),
        *_answers(person.answers, content),
        yes if any(answer.late for answer in person.answers) else "",
        yes if person.needs_help else "",
    ]


def _evidence(grade: Grade) -> str:
    if grade is Grade.NO_CONTACT:
        return _("連絡先なし")
    return str(rows.KIND_OF[grade].words)


def _way(sent: Sent) -> str:
    return f"{_(sent.medium.label)} {sent.status.value}"


def _answers(answers: Sequence[Response], content: Content) -> list[str]:
    if not answers:
        return [""] * 6
    first, latest = answers[0], answers[-1]
    return [
        rows.words_of(latest, content),
        _moment(latest),
        _(Source(latest.source).label),
        latest.comment,
        rows.words_of(first, content),
        _moment(first),
    ]


def _moment(answer: Response) -> str:
    return f"{timezone.localtime(answer.at):%Y-%m-%d %H:%M:%S}"
