"""How often an answer asks the database: thousands of people answer within minutes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denrei.responses import answering, pages
from denrei.responses.answering import Reply
from denrei.responses.models import Kind
from tests.responses.sent import send

pytestmark = pytest.mark.usefixtures("committed")


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
