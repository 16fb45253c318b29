"""How often an answer asks the database: thousands of people answer within minutes."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy
from denrei.domain.states import Look
from denrei.responses import answering, keeping, looking, noting, pages
from denrei.responses.answering import Reply
from denrei.responses.looking import Visit
from denrei.responses.models import Kind, Source
from tests.responses.sent import send

pytestmark = pytest.mark.usefixtures("committed")

VISIT = Visit(kind=Kind.OPEN, user_agent="Mozilla/5.0", address="203.0.113.7")


def rows_read() -> Counter[str]:
    """Return how many rows of each table this connection has read, and not yet reported."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        )
        return Counter(dict(cursor.fetchall()))


def by_keys() -> None:
    """Let this transaction read tables by keys where it can, as it does when they are large."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def test_an_answer_is_one_transaction_of_six_statements() -> None:
    sent = send()

    with CaptureQueriesContext(connection) as captured, pages.opened(sent.token()) as page:
        assert page is not None
        answering.answer(page, Reply(recipient_id=sent.people[0], choice="1"))

    asked = [query["sql"] for query in captured]
    assert (asked[0], asked[-1], len(asked)) == ("BEGIN", "COMMIT", 2 + 6), asked


def test_a_look_is_one_transaction_of_four_statements_and_the_first_of_five() -> None:
    sent = send()
    asked = []

    for _ in range(2):
        with CaptureQueriesContext(connection) as captured, pages.opened(sent.token()) as page:
            assert page is not None
            looking.note(page, VISIT)
        asked.append([query["sql"] for query in captured])

    assert [len(each) for each in asked] == [2 + 5, 2 + 4], asked
    assert [(each[0], each[-1]) for each in asked] == [("BEGIN", "COMMIT")] * 2


def test_an_address_that_many_come_from_is_looked_up_by_its_last_looks_alone() -> None:
    sent = send(*[f"伝令 {n}" for n in range(600)])
    for place in range(500):
        with pages.opened(sent.token(place)) as page:
            assert page is not None
            looking.note(page, VISIT)

    with tenancy.acting_for(sent.organization.pk):
        by_keys()
        before = rows_read()
        with pages.opened(sent.token(550)) as page:
            assert page is not None
            looking.note(page, VISIT)
        read = rows_read() - before

    assert 200 <= read["page_view"] <= 210


def test_the_unseen_link_reads_the_looks_of_one_page_alone() -> None:
    sent = send(*[f"伝令 {n}" for n in range(400)])
    for place in range(400):
        with pages.opened(sent.token(place)) as page:
            assert page is not None
            looking.note(page, Visit(kind=Kind.OPEN, user_agent="Mozilla/5.0"))

    with tenancy.acting_for(sent.organization.pk):
        by_keys()
        before = rows_read()
        with pages.opened(sent.token(350)) as page:
            assert page is not None
            looking.note(page, Visit(kind=Kind.CANARY, user_agent="Mozilla/5.0"))
        read = rows_read() - before

    assert sent.looks().count(Look.PROGRAM) == 1
    assert {table: rows for table, rows in read.items() if rows > 5} == {}


def test_an_answer_that_was_heard_reads_a_handful_of_rows() -> None:
    sent = send(*[f"伝令 {n}" for n in range(400)])
    for place in range(100):
        sent.reply("1", place, page=place)
    reply = Reply(recipient_id=sent.people[350], choice="3", source=Source.VISIT)

    with tenancy.acting_for(sent.organization.pk):
        by_keys()
        before = rows_read()
        noting.note(sent.organization, sent.broadcast_id, reply, sent.operator())
        read = rows_read() - before

    assert {table: rows for table, rows in read.items() if rows > 8} == {}


def test_a_page_reads_a_handful_of_rows_of_a_broadcast_to_hundreds() -> None:
    sent = send(*[f"伝令 {n}" for n in range(400)])
    for place in range(100):
        with pages.opened(sent.token(place)) as page:
            assert page is not None
            answering.answer(page, Reply(recipient_id=sent.people[place], choice="1"))

    with tenancy.acting_for(sent.organization.pk):
        by_keys()
        before = rows_read()
        with pages.opened(sent.token(350)) as page:
            assert page is not None
            looking.note(page, VISIT)
        read = rows_read() - before

    assert sum(read.values()) > 0
    assert {table: rows for table, rows in read.items() if rows > 5} == {}


def test_answers_of_many_ask_as_often_as_one_and_read_by_keys() -> None:
    sent = send(*[f"伝令 {n}" for n in range(400)])
    chosen = range(0, 400, 10)

    with tenancy.acting_for(sent.organization.pk):
        by_keys()
        before = rows_read()
        with CaptureQueriesContext(connection) as captured:
            found = pages.load_all(sent.organization.pk, [sent.deliveries[n] for n in chosen])
            keeping.keep_all(
                [
                    answering.heard(
                        found[sent.deliveries[n]], Reply(recipient_id=sent.people[n], choice="1")
                    )
                    for n in chosen
                ]
            )
        read = rows_read() - before

    assert len(captured) == 5
    assert {table: rows for table, rows in read.items() if rows > 5 * len(chosen)} == {}
