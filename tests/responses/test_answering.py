"""What an answer does: it is kept, it counts, it stops what waits, it is sealed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import ProgrammingError

from denrei.accounts import tenancy
from denrei.deliveries import cancel
from denrei.domain.states import Evidence, Grade, Look, Medium
from denrei.responses import answering
from denrei.responses.answering import AnswerError, Fault, Reply
from denrei.responses.models import Response, Source
from tests.responses.sent import Sent, send

pytestmark = pytest.mark.django_db

PAST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.spec("MSG-8", "EMC-5")
def test_an_answer_is_kept_raises_the_person_and_stops_what_waits() -> None:
    sent = send("山田 花子", "鈴木 一郎")

    answered = sent.reply(comment="避難所にいます", source=Source.FAMILY)

    (kept,) = sent.answers()
    assert (
        kept.pk,
        kept.choice,
        kept.choice_words,
        kept.needs_help,
        kept.comment,
        kept.source,
    ) == (
        answered.response_id,
        "1",
        "無事です",
        False,
        "避難所にいます",
        Source.FAMILY,
    )
    assert (kept.delivery_id, kept.late, kept.actor_id) == (sent.deliveries[0], False, None)
    assert sent.halted() == [sent.people[0]]
    assert sent.grades() == [Grade.ANSWERED, Grade.UNREACHED]


@pytest.mark.spec("SCH-5", "NEW-2")
def test_a_confirmation_is_evidence_of_reading_and_stops_what_waits() -> None:
    sent = send(choices=())

    sent.reply(choice=None)

    assert [(kept.choice, kept.choice_words) for kept in sent.answers()] == [("", "")]
    assert sent.grades() == [Grade.READ]
    assert sent.halted() == list(sent.people)


@pytest.mark.spec("NEW-4", "MSG-8")
def test_every_answer_is_kept_and_the_latest_counts() -> None:
    sent = send()

    first, second = sent.reply("1"), sent.reply("2")

    page = answering.find(sent.token())
    assert page is not None
    assert page.people[0].given is not None
    assert page.people[0].given.choice == "2"
    assert [kept.choice for kept in sent.answers()] == ["1", "2"]
    with tenancy.acting_for(sent.organization.pk):
        latest = Response.objects.latest_of(sent.broadcast_id)
        assert [kept.pk for kept in latest] == [second.response_id]
    assert (first.halted, second.halted) == (True, False)


@pytest.mark.spec("NEW-4")
@pytest.mark.parametrize(
    ("given", "worsened"),
    [
        pytest.param(["3"], False, id="help at once is no change"),
        pytest.param(["1", "3"], True, id="well, then help"),
        pytest.param(["1", "3", "3"], False, id="help said again"),
        pytest.param(["3", "1"], False, id="help, then well"),
        pytest.param(["3", "1", "3"], True, id="help, well, help"),
    ],
)
def test_help_after_all_was_well_is_told_and_kept(given: list[str], worsened: bool) -> None:
    sent = send()

    assert [sent.reply(choice) for choice in given][-1].worsened is worsened
    assert sent.answers()[-1].worsened is worsened


@pytest.mark.spec("NEW-1", "ALL-4")
def test_answers_are_counted_by_choice_without_counting_them() -> None:
    sent = send("山田 花子", "鈴木 一郎")

    sent.reply("1")
    sent.reply("3")

    assert sent.tally() == {
        (Grade.ANSWERED, Look.NOBODY, "3", True): 1,
        (Grade.UNREACHED, Look.NOBODY, "", False): 1,
    }


@pytest.mark.spec("EMC-5", "NEW-4")
def test_answers_after_a_stop_are_taken_and_marked() -> None:
    sent = send()
    cancel.stop(sent.organization.pk, sent.broadcast_id)

    assert sent.reply().late is True
    assert sent.grades() == [Grade.ANSWERED]


@pytest.mark.spec("NEW-4")
def test_answers_after_the_time_to_give_up_are_taken_and_marked() -> None:
    sent = send(give_up_at=PAST)

    assert sent.reply().late is True
    assert [kept.late for kept in sent.answers()] == [True]


@pytest.mark.spec("NEW-4")
def test_answers_are_in_time_although_nothing_is_left_to_send() -> None:
    sent = send()
    sent.ask("UPDATE run SET stage = 2, finished_at = now()")

    assert sent.reply().late is False


@pytest.mark.spec("ALL-3")
def test_the_whole_answer_is_sealed_with_the_ledger() -> None:
    sent = send()

    answered = sent.reply("3", comment="2階にいます")

    ((key, delivery, evidence, raw),) = sent.ask(
        "SELECT event_key, delivery_id, evidence, raw FROM event"
    )
    assert (bytes(key), delivery, evidence) == (
        b"response:%d" % answered.response_id,
        sent.deliveries[0],
        Evidence.ANSWERED,
    )
    assert json.loads(raw) == {
        "response": answered.response_id,
        "recipient": sent.people[0],
        "choice": "3",
        "words": "支援が必要です",
        "needs_help": True,
        "medium": Medium.MAIL,
        "source": "self",
        "comment": "2階にいます",
        "late": False,
        "actor": None,
        "at": answered.at.isoformat(),
    }


@pytest.mark.spec("NEW-5")
def test_who_shares_an_address_answers_alone() -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)

    sent.reply(place=1)

    assert sent.halted() == [sent.people[1]]
    assert sent.grades() == [Grade.UNREACHED, Grade.ANSWERED]
    assert (len(sent.answers(0)), len(sent.answers(1))) == (0, 1)


@pytest.mark.spec("NEW-5", "NEW-2")
def test_a_shared_delivery_counts_as_answered_when_everybody_has() -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)

    sent.reply(place=0)
    sent.reply(place=1)

    events = sent.ask("SELECT evidence FROM event ORDER BY received_at")
    assert [Evidence(evidence) for (evidence,) in events] == [Evidence.READ, Evidence.ANSWERED]


@pytest.mark.parametrize(
    ("changes", "asked", "expected"),
    [
        pytest.param({"recipient_id": 0}, True, (Fault.STRANGER,), id="a stranger"),
        pytest.param({"recipient_id": None}, True, (Fault.STRANGER,), id="nobody"),
        pytest.param({"choice": None}, True, (Fault.NO_CHOICE,), id="nothing chosen"),
        pytest.param({"choice": "9"}, True, (Fault.UNKNOWN_CHOICE,), id="no such choice"),
        pytest.param({"choice": "1"}, False, (Fault.UNKNOWN_CHOICE,), id="nothing was asked"),
        pytest.param({"source": "dog"}, True, (Fault.UNKNOWN_SOURCE,), id="no such source"),
        pytest.param({"comment": "あ" * 101}, True, (Fault.LONG_COMMENT,), id="101 characters"),
        pytest.param({"comment": "あ" * 100}, True, (), id="100 characters"),
        pytest.param({"comment": "👨‍👩‍👧" * 50}, True, (), id="50 families are 50 characters"),
        pytest.param(
            {"comment": "e" + "\u0301" * 1000}, True, (Fault.LONG_COMMENT,), id="one tall letter"
        ),
        pytest.param(
            {"choice": "9", "comment": "あ" * 101},
            True,
            (Fault.UNKNOWN_CHOICE, Fault.LONG_COMMENT),
            id="everything wrong is told at once",
        ),
    ],
)
def test_a_reply_that_cannot_be_taken_says_why(
    changes: dict[str, Any], asked: bool, expected: tuple[Fault, ...]
) -> None:
    sent = send() if asked else send(choices=())
    page = answering.find(sent.token())
    assert page is not None
    given = {"recipient_id": sent.people[0], "choice": "1", **changes}

    assert answering.faults(page, Reply(**given)) == expected


@pytest.mark.spec("NEW-5")
def test_an_answer_for_whom_the_delivery_does_not_reach_changes_nothing() -> None:
    sent = send("山田 花子", "鈴木 一郎")

    with pytest.raises(AnswerError) as refused:
        sent.reply(place=1)

    assert refused.value.faults == (Fault.STRANGER,)
    assert (sent.halted(), sent.answers(1)) == ([], [])


def test_invisible_characters_of_a_comment_are_not_kept() -> None:
    sent = send()

    sent.reply(comment="  ぶじ\0です\u202e\r\nまた連絡します  ")

    assert [kept.comment for kept in sent.answers()] == ["ぶじです\nまた連絡します"]


def test_a_look_before_the_hand_over_is_recorded_is_early() -> None:
    sent = send()
    sent.ask("UPDATE delivery SET state = 0")

    page = answering.find(sent.token())

    assert page is not None
    assert page.fresh is True


@pytest.mark.spec("ALL-5")
def test_a_token_of_one_organization_opens_no_delivery_of_another() -> None:
    north, south = send(), send()
    mixed = Sent(
        organization=north.organization,
        broadcast_id=south.broadcast_id,
        people=south.people,
        deliveries=south.deliveries,
    )

    assert answering.find(mixed.token()) is None


@pytest.mark.spec("ALL-5")
def test_answers_of_one_organization_are_unseen_by_another() -> None:
    north, south = send(), send()
    north.reply()

    with tenancy.acting_for(south.organization.pk):
        assert Response.objects.count() == 0


@pytest.mark.spec("ALL-3")
@pytest.mark.parametrize("table", ["response", "page_view"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET broadcast_id = 1", "DELETE FROM {}"])
def test_what_was_answered_is_never_changed(table: str, statement: str) -> None:
    sent = send()

    with pytest.raises(ProgrammingError, match="permission denied"):
        sent.ask(statement.format(table))
