"""The people of a board as a CSV file, under the present filter (ALL-4).

One snapshot, so that everybody is in the file once and its figures add up, however long it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denrei.accounts import audit, rights, tenancy
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.domain.states import Grade
from denrei.reports.people import People, Person, Sent, Wish
from denrei.responses.models import Response, Source
from denrei.web.console import downloads
from denrei.web.console.asking import operator_of
from denrei.web.console.board import choosing, page, rows
from denrei.web.console.board.choosing import Choice
from denrei.web.console.broadcasts.emptied import needs_details
from denrei.web.console.downloads import Lines

#: People that go out in one piece.
_PIECE = 500
#: A reader who takes nothing for so long holds the snapshot no longer.
_PATIENCE = "60s"


@rights.needs(Right.PEOPLE)
@require_GET
@needs_details
def download(request: HttpRequest, broadcast_id: int) -> HttpResponseBase:
    """Serve `/console/broadcasts/ID/people.csv`: a file as it is read, however long."""
    found, operator = page.look(request, broadcast_id), operator_of(request)
    answers = [choice.code for choice in found.content.choices]
    choice = choosing.read(request.GET, operator, answers)
    _record(found.broadcast, operator, choice, choice.count(found.board))
    pieces = _pieces(found.broadcast, found.content, choice.wish(operator))
    return downloads.served(f"broadcast-{found.broadcast.pk}", heading, pieces)


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


def _pieces(broadcast: Broadcast, content: Content, wish: Wish) -> Iterator[Lines]:
    with transaction.atomic():
        _take_a_snapshot()
        with tenancy.acting_for(broadcast.organization_id):
            people, after = People(broadcast.pk, wish), None
            while piece := people.page(after, _PIECE):
                after = piece[-1].place
                yield partial(_lines, piece, content)


def _lines(people: Sequence[Person], content: Content) -> Iterator[list[str]]:
    return (_cells(person, content) for person in people)


def _take_a_snapshot() -> None:
    if connection.in_atomic_block and len(connection.savepoint_ids):
        return
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{_PATIENCE}'")


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
