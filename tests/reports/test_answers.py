"""Answers and calls for help on the board: counted by counters, listed to an end."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection

from denrei.accounts import tenancy
from denrei.domain.states import Look
from denrei.reports import answers as reading
from denrei.reports.answers import LISTED, Answers, Calls
from denrei.reports.board import UnknownBroadcastError
from denrei.responses import helping, looking, pages
from denrei.responses.looking import Visit
from denrei.responses.models import HelpCall, Kind
from tests.responses.sent import AWAY, HELP, SAFE, Sent, send

pytestmark = pytest.mark.usefixtures("committed")


def answer(sent: Sent, place: int, choice: str | None = "1") -> None:
    """Answer for one person on the page of his own."""
    sent.reply(choice, place, page=place)


def look(sent: Sent, place: int, kind: Kind = Kind.OPEN) -> None:
    """Look at the page of one person."""
    with pages.opened(sent.token(place)) as page:
        assert page is not None
        looking.note(page, Visit(kind=kind))


def given(sent: Sent) -> Answers:
    return reading.answers(sent.organization.pk, sent.broadcast_id)


def waiting(sent: Sent) -> Calls:
    return reading.calls(sent.organization.pk, sent.broadcast_id)


@pytest.mark.spec("ALL-4", "NEW-4")
def test_answers_are_counted_by_choice_in_the_order_of_the_page() -> None:
    sent = send(*[f"伝令 {n}" for n in range(6)])
    for place, choice in enumerate(("3", "1", "1")):
        answer(sent, place, choice)
    answer(sent, 0, "1")
    answer(sent, 3, "3")

    found = given(sent)

    assert found.given == ((SAFE, 3), (AWAY, 0), (HELP, 1))
    assert (found.silent, found.needs_help) == (2, 1)


@pytest.mark.spec("ALL-4", "SCH-5")
def test_who_confirmed_is_not_silent_where_nothing_is_asked() -> None:
    sent = send("山田 花子", "鈴木 一郎", choices=())
    answer(sent, 0, None)

    found = given(sent)

    assert (found.given, found.silent) == ((), 1)


@pytest.mark.spec("NEW-3", "SCH-5")
def test_looks_are_those_of_people_without_a_word_of_their_own() -> None:
    sent = send(*[f"伝令 {n}" for n in range(4)])
    for place, kind in enumerate((Kind.OPEN, Kind.HEAD, Kind.OPEN)):
        look(sent, place, kind)
    answer(sent, 0)

    assert given(sent).looks == {Look.NOBODY: 1, Look.PROGRAM: 1, Look.MAYBE: 1}


@pytest.mark.spec("NEW-4")
def test_calls_that_nobody_has_taken_are_listed_worsened_first() -> None:
    sent = send("山田 花子", "鈴木 一郎", "佐藤 次郎", "高橋 三郎")
    for place in (1, 2, 3):
        answer(sent, place, "3")
    answer(sent, 0, "1")
    answer(sent, 0, "3")
    with tenancy.acting_for(sent.organization.pk):
        taken = HelpCall.objects.get(recipient_id=sent.people[2])
        helping.take(taken, sent.operator())
    answer(sent, 3, "1")

    found = waiting(sent)

    assert [(call.name, call.worsened, call.words) for call in found.listed] == [
        ("山田 花子", True, "支援が必要です"),
        ("鈴木 一郎", False, "支援が必要です"),
    ]
    assert found.untaken == 2


def test_a_list_has_an_end_and_the_count_goes_on() -> None:
    sent = send(*[f"伝令 {n}" for n in range(LISTED + 3)])
    for place in range(LISTED + 3):
        answer(sent, place, "3")

    found = waiting(sent)

    assert (len(found.listed), found.untaken) == (LISTED, LISTED + 3)


def test_nobody_calls_where_all_is_well() -> None:
    assert waiting(send()) == Calls(untaken=0, listed=())


@pytest.mark.spec("ALL-5")
def test_another_organization_sees_neither() -> None:
    sent, other = send(), send()
    answer(sent, 0, "3")

    with pytest.raises(UnknownBroadcastError):
        reading.answers(other.organization.pk, sent.broadcast_id)
    assert reading.calls(other.organization.pk, sent.broadcast_id).untaken == 0


def test_answers_read_counters_only() -> None:
    sent = send(*[f"伝令 {n}" for n in range(100)])
    for place in range(50):
        answer(sent, place, "1")

    with tenancy.acting_for(sent.organization.pk):
        before = _rows_read()
        found = given(sent)
        read = _rows_read() - before

    assert (found.given[0][1], read.keys() <= {"broadcast", "people_tally"}) == (50, True)


def _rows_read() -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        )
        return Counter(dict(cursor.fetchall()))
