"""How often an answer asks the database: thousands of people answer within minutes."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy
from denrei.responses import answering, pages
from denrei.responses.answering import Reply
from denrei.responses.models import Kind
from tests.responses.sent import send

pytestmark = pytest.mark.usefixtures("committed")


def rows_read() -> Counter[str]:
    """Return how many rows of each table this connection has read, and not yet reported."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        )
        return Counter(dict(cursor.fetchall()))


def test_an_answer_is_one_transaction_of_seven_statements() -> None:
    sent = send()

    with CaptureQueriesContext(connection) as captured, pages.opened(sent.token()) as page:
        assert page is not None
        answering.answer(page, Reply(recipient_id=sent.people[0], choice="1"))

    asked = [query["sql"] for query in captured]
    assert (asked[0], asked[-1], len(asked)) == ("BEGIN", "COMMIT", 2 + 7), asked


def test_a_look_is_one_transaction_of_three_statements() -> None:
    sent = send()

    with CaptureQueriesContext(connection) as captured, pages.opened(sent.token()) as page:
        assert page is not None
        answering.record_view(page, Kind.OPEN, "")

    asked = [query["sql"] for query in captured]
    assert (asked[0], asked[-1], len(asked)) == ("BEGIN", "COMMIT", 2 + 3), asked


def test_a_page_reads_a_handful_of_rows_of_a_broadcast_to_hundreds() -> None:
    sent = send(*[f"伝令 {n}" for n in range(400)])
    for place in range(100):
        with pages.opened(sent.token(place)) as page:
            assert page is not None
            answering.answer(page, Reply(recipient_id=sent.people[place], choice="1"))

    with tenancy.acting_for(sent.organization.pk):
        before = rows_read()
        with pages.opened(sent.token(350)) as page:
            assert page is not None
            answering.record_view(page, Kind.OPEN, "")
        read = rows_read() - before

    assert sum(read.values()) > 0
    assert {table: rows for table, rows in read.items() if rows > 5} == {}
