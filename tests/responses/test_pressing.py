"""A press on 記録する is kept once, and never counts more than an answer that nobody saw (NEW-4)."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connections

from denrei.accounts import tenancy
from denrei.responses import pressing
from denrei.responses.answering import Reply
from denrei.responses.keeping import Answered
from denrei.responses.models import Response, Source
from denrei.responses.pressing import AnsweredMeanwhileError
from tests.responses.sent import Sent, send
from tests.responses.test_racing import ROUNDS, at_once

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-4")]


def press(sent: Sent, choice: str = "1", seen: int = 0) -> Answered | None:
    reply = Reply(recipient_id=sent.people[0], choice=choice, source=Source.PHONE)
    return pressing.press(sent.organization, sent.broadcast_id, reply, sent.operator(), seen)


def choices(sent: Sent) -> list[str]:
    with tenancy.acting_for(sent.organization.pk):
        rows = Response.objects.of(sent.broadcast_id, sent.people[0])
        return list(rows.values_list("choice", flat=True))


def test_presses_at_the_same_time_are_one_answer() -> None:
    sent = send()
    sent.operator()

    at_once(*[lambda _: press(sent)] * 4)

    assert ["1"] == choices(sent)
    assert ROUNDS > 1


def test_a_newer_answer_than_the_operator_saw_is_told_first() -> None:
    sent = send()
    sent.reply("3", 0)

    with pytest.raises(AnsweredMeanwhileError):
        press(sent)

    assert ["3"] == choices(sent)


def test_with_that_answer_seen_it_is_kept() -> None:
    sent = send()
    sent.reply("3", 0)
    with tenancy.acting_for(sent.organization.pk):
        seen = Response.objects.get().pk

    assert press(sent, seen=seen) is not None
    assert ["3", "1"] == choices(sent)


def test_an_answer_that_is_under_way_is_waited_for_and_told() -> None:
    sent = send()
    sent.operator()
    said: list[BaseException] = []

    def crossing() -> None:
        try:
            press(sent)
        except AnsweredMeanwhileError as error:
            said.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=crossing)
    with tenancy.acting_for(sent.organization.pk):
        sent.reply("3", 0)
        thread.start()
        time.sleep(0.5)  # it waits for the person by now
    thread.join()

    assert 1 == len(said)
    assert ["3"] == choices(sent)
