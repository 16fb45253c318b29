"""Calls for help: answers open and close them, operators take them (NEW-4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator
from denrei.responses import answering, helping, keeping, pages
from denrei.responses.answering import Reply
from denrei.responses.models import HelpCall
from tests.responses.sent import Sent, send

pytestmark = [pytest.mark.django_db, pytest.mark.spec("NEW-4")]

Verb = Callable[[HelpCall, Operator], bool]


def call_of(sent: Sent, place: int = 0) -> HelpCall:
    """Return the call of a person."""
    with tenancy.acting_for(sent.organization.pk):
        return HelpCall.objects.of(sent.broadcast_id).get(recipient_id=sent.people[place])


def act(sent: Sent, verb: Verb, login: str = "clerk") -> bool:
    """Let an operator act on the call of the first person."""
    operator, call = sent.operator(login), call_of(sent)
    with tenancy.acting_for(sent.organization.pk):
        return verb(call, operator)


def test_who_is_well_calls_nobody() -> None:
    sent = send()

    sent.reply("1")

    with tenancy.acting_for(sent.organization.pk):
        assert not HelpCall.objects.exists()


@pytest.mark.parametrize(
    ("given", "is_open", "worsened"),
    [
        pytest.param(["3"], True, False, id="help at once"),
        pytest.param(["1", "3"], True, True, id="well, then help"),
        pytest.param(["1", "3", "3"], True, True, id="help said again"),
        pytest.param(["3", "1"], False, False, id="help, then well"),
        pytest.param(["1", "3", "1"], False, True, id="well, help, well"),
        pytest.param(["3", "1", "3"], True, True, id="help, well, help"),
        pytest.param(["1", "3", "1", "1"], False, True, id="well again and again"),
    ],
)
def test_answers_open_and_close_a_call(given: list[str], is_open: bool, worsened: bool) -> None:
    sent = send()

    answered = [sent.reply(choice) for choice in given]

    call = call_of(sent)
    turning = 3 if given[-2:] == ["1", "1"] else len(given)
    assert (call.closed_at is None, call.worsened) == (is_open, worsened)
    assert call.response_id == answered[turning - 1].response_id


def test_both_the_call_and_what_came_after_it_are_kept() -> None:
    sent = send()

    sent.reply("3")
    sent.reply("1")

    call = call_of(sent)
    assert [kept.choice for kept in sent.answers()] == ["3", "1"]
    assert (call.closed_at, call.closed_by) == (sent.answers()[1].at, None)


def test_a_call_said_again_keeps_its_time_and_who_takes_care() -> None:
    sent = send()
    sent.reply("3")
    act(sent, helping.take)
    before = call_of(sent)

    sent.reply("3")

    call = call_of(sent)
    assert (call.opened_at, call.taken_by_id) == (before.opened_at, sent.operator().pk)


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(lambda sent: sent.reply("1"), id="well in between"),
        pytest.param(lambda sent: act(sent, helping.close), id="closed by an operator"),
    ],
)
def test_a_call_after_a_closed_one_is_a_new_alarm(between: Callable[[Sent], object]) -> None:
    sent = send()
    sent.reply("3")
    act(sent, helping.take)
    between(sent)

    again = sent.reply("3")

    call = call_of(sent)
    assert (call.opened_at, call.response_id) == (again.at, again.response_id)
    assert (call.taken_by, call.taken_at, call.closed_at, call.closed_by) == (None,) * 4


def test_two_people_of_a_household_call_each_for_themselves() -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)

    sent.reply("3", 0)
    sent.reply("1", 1)

    with tenancy.acting_for(sent.organization.pk):
        calls = HelpCall.objects.of(sent.broadcast_id).open()
        assert [call.recipient_id for call in calls] == [sent.people[0]]


def test_one_operator_takes_a_call_and_the_other_is_told() -> None:
    sent = send()
    sent.reply("3")

    taken = [act(sent, helping.take, login) for login in ("first", "second")]

    call = call_of(sent)
    assert (taken, call.taken_by_id) == ([True, False], sent.operator("first").pk)
    assert call.taken_at is not None


def test_a_call_is_given_back_and_taken_by_another() -> None:
    sent = send()
    sent.reply("3")

    done = [
        act(sent, verb, login)
        for verb, login in (
            (helping.take, "first"),
            (helping.give_back, "first"),
            (helping.give_back, "first"),
            (helping.take, "second"),
        )
    ]

    assert (done, call_of(sent).taken_by_id) == (
        [True, True, False, True],
        sent.operator("second").pk,
    )


def test_a_call_is_closed_once_and_not_taken_afterwards() -> None:
    sent = send()
    sent.reply("3")

    done = [act(sent, verb) for verb in (helping.close, helping.close, helping.take)]

    call = call_of(sent)
    assert (done, call.closed_by_id) == ([True, False, False], sent.operator().pk)
    assert call.closed_at is not None


@pytest.mark.spec("ALL-3")
def test_what_operators_do_about_a_call_is_in_the_trail() -> None:
    sent = send()
    sent.reply("3")

    for verb in (helping.take, helping.give_back, helping.close, helping.close):
        act(sent, verb)

    with tenancy.acting_for(sent.organization.pk):
        entries = AuditEntry.objects.filter(action__startswith="help.").order_by("id")
        assert [(entry.action, (entry.after or {})["name"]) for entry in entries] == [
            ("help.taken", "山田 花子"),
            ("help.given_back", "山田 花子"),
            ("help.closed", "山田 花子"),
        ]


@pytest.mark.spec("ALL-5")
def test_calls_of_one_organization_are_unseen_by_another() -> None:
    north, south = send(), send()
    north.reply("3")

    with tenancy.acting_for(south.organization.pk):
        assert HelpCall.objects.count() == 0


def test_calls_of_many_open_and_close_together() -> None:
    sent = send("一", "二", "三", "四")
    sent.reply("3", 0, page=0)
    sent.reply("3", 1, page=1)
    operator = sent.operator()
    act(sent, helping.take)

    keep(sent, "1", "3", "3", "1")

    with tenancy.acting_for(sent.organization.pk):
        calls = [
            (sent.people.index(call.recipient_id), call.closed_at is None, call.taken_by_id)
            for call in HelpCall.objects.of(sent.broadcast_id)
        ]
    assert sorted(calls) == [(0, False, operator.pk), (1, True, None), (2, True, None)]


def keep(sent: Sent, *choices: str) -> None:
    """Keep an answer of each person in one transaction."""
    with tenancy.acting_for(sent.organization.pk):
        found = pages.load_all(sent.organization.pk, sent.deliveries)
        keeping.keep_all(
            [
                answering.heard(found[delivery], Reply(recipient_id=person, choice=choice))
                for delivery, person, choice in zip(
                    sent.deliveries, sent.people, choices, strict=True
                )
            ]
        )
