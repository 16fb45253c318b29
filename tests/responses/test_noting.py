"""Answers that an operator heard are answers like all others (NEW-4)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry
from denrei.deliveries import cancel
from denrei.domain.states import Evidence, Grade, Look, Medium
from denrei.responses import noting
from denrei.responses.answering import AnswerError, Fault, Reply
from denrei.responses.keeping import Answered
from denrei.responses.models import HelpCall, Source
from tests.responses.sent import Sent, send

pytestmark = [pytest.mark.django_db, pytest.mark.spec("NEW-4")]

PAST = datetime(2026, 1, 1, tzinfo=UTC)


def note(sent: Sent, choice: str | None = "1", **changes: Any) -> Answered:
    """Note an answer of the first person."""
    given = {"recipient_id": sent.people[0], "choice": choice, "source": Source.PHONE, **changes}
    return noting.note(sent.organization, sent.broadcast_id, Reply(**given), sent.operator())


@pytest.mark.parametrize(
    ("source", "medium"),
    [
        pytest.param(Source.PHONE, Medium.PHONE, id="on the phone"),
        pytest.param(Source.VISIT, None, id="on a visit"),
        pytest.param(Source.FAMILY, None, id="from family"),
        pytest.param(Source.PROXY, None, id="from somebody else"),
        pytest.param(Source.SELF, None, id="from the person"),
    ],
)
def test_an_answer_that_was_heard_is_kept_with_how_and_by_whom(
    source: Source, medium: Medium | None
) -> None:
    sent = send()

    note(sent, source=source, comment=" 2階に\u202eいます ")

    (kept,) = sent.answers()
    assert (kept.choice, kept.source, kept.medium) == ("1", source, medium)
    assert (kept.comment, kept.actor_id) == ("2階にいます", sent.operator().pk)
    assert (kept.delivery_id, kept.late) == (None, False)


@pytest.mark.spec("EMC-5", "NEW-1")
def test_it_raises_the_person_counts_and_stops_what_waits() -> None:
    sent = send("山田 花子", "鈴木 一郎")

    note(sent, "3")

    assert (sent.halted(), sent.grades()) == (
        [sent.people[0]],
        [Grade.ANSWERED, Grade.UNREACHED],
    )
    assert sent.tally()[Grade.ANSWERED, Look.NOBODY, "3", True] == 1


@pytest.mark.spec("NEW-1")
def test_who_has_no_contact_can_have_an_answer() -> None:
    sent = send()
    sent.ask("DELETE FROM delivery")
    sent.ask("UPDATE audience SET grade = -1")

    note(sent, source=Source.VISIT)

    assert sent.grades() == [Grade.ANSWERED]


def test_a_confirmation_that_was_heard_is_a_reading() -> None:
    sent = send(choices=())

    note(sent, None)

    assert sent.grades() == [Grade.READ]


@pytest.mark.spec("ALL-3")
def test_it_is_sealed_with_the_ledger_without_a_delivery() -> None:
    sent = send()

    answered = note(sent, "3")

    ((delivery, evidence, raw),) = sent.ask("SELECT delivery_id, evidence, raw FROM event")
    assert (delivery, evidence) == (None, Evidence.ANSWERED)
    told = json.loads(raw)
    assert (told["response"], told["source"], told["medium"], told["actor"]) == (
        answered.response_id,
        Source.PHONE,
        Medium.PHONE,
        sent.operator().pk,
    )
    assert sent.ask("SELECT count(*) FROM event_open") == [(0,)]


@pytest.mark.spec("ALL-3")
def test_it_is_in_the_trail() -> None:
    sent = send()

    answered = note(sent, "3")

    with tenancy.acting_for(sent.organization.pk):
        entry = AuditEntry.objects.get(action="answer.noted")
    assert (entry.actor_id, entry.subject_id) == (sent.operator().pk, str(answered.response_id))
    assert entry.after == {
        "name": "山田 花子",
        "answer": "支援が必要です",
        "source": Source.PHONE,
        "broadcast_id": sent.broadcast_id,
        "recipient_id": sent.people[0],
    }


def test_help_after_the_person_said_that_all_is_well_alarms() -> None:
    sent = send()
    sent.reply("1")

    assert note(sent, "3").worsened is True
    with tenancy.acting_for(sent.organization.pk):
        assert [call.worsened for call in HelpCall.objects.untaken()] == [True]


def test_the_answer_of_the_person_afterwards_counts() -> None:
    sent = send()
    note(sent, "3")

    sent.reply("1")

    assert [kept.choice for kept in sent.answers()] == ["3", "1"]
    assert sent.tally() == {(Grade.ANSWERED, Look.NOBODY, "1", False): 1}


@pytest.mark.parametrize("ended", ["stopped", "given up"])
def test_what_is_heard_afterwards_is_late(ended: str) -> None:
    sent = send(give_up_at=PAST) if ended == "given up" else send()
    if ended == "stopped":
        cancel.stop(sent.organization.pk, sent.broadcast_id)

    assert note(sent).late is True


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"recipient_id": 2**40}, (Fault.STRANGER,), id="nobody"),
        pytest.param({"recipient_id": None}, (Fault.STRANGER,), id="no person"),
        pytest.param({"choice": None}, (Fault.NO_CHOICE,), id="no choice"),
        pytest.param(
            {"choice": "9", "source": "dog", "comment": "あ" * 101},
            (Fault.UNKNOWN_CHOICE, Fault.UNKNOWN_SOURCE, Fault.LONG_COMMENT),
            id="everything is told at once",
        ),
    ],
)
def test_what_cannot_be_kept_says_why(changes: dict[str, Any], expected: tuple[Fault, ...]) -> None:
    sent = send()

    with pytest.raises(AnswerError) as refused:
        note(sent, **changes)

    assert refused.value.faults == expected
    assert (sent.answers(), sent.halted()) == ([], [])


@pytest.mark.spec("ALL-5")
def test_a_broadcast_of_another_organization_takes_no_answer() -> None:
    north, south = send(), send()
    reply = Reply(recipient_id=south.people[0], choice="1")

    with pytest.raises(AnswerError):
        noting.note(north.organization, south.broadcast_id, reply, north.operator())

    assert south.answers() == []
