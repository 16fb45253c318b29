"""訂正・取消・解除 begun from the board: the earlier one stops at once, a draft is ready (NEW-13)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.broadcasts.models import AnswerChoice, Broadcast, Draft
from denrei.broadcasts.typed import Typed
from denrei.deliveries import ordering
from denrei.deliveries.launch import launch
from denrei.deliveries.ordering import Ordered
from tests.web.console.board.conftest import sent
from tests.web.console.compose.conftest import words
from tests.web.console.conftest import hire

SignIn = Callable[[Operator], Client]
pytestmark = pytest.mark.spec("NEW-13")


def begin(client: Client, broadcast: Broadcast, sequel: str) -> Draft:
    """Press it on the page; return the draft that opens."""
    response = client.post(f"/console/broadcasts/{broadcast.pk}/sequel/", {"sequel": sequel})
    assert response.status_code == 302
    found = re.fullmatch(r"/console/drafts/(\d+)/\?keep=1", response["Location"])
    assert found
    with tenancy.acting_for(broadcast.organization_id):
        return Draft.objects.get(pk=int(found[1]))


def ordered(draft: Draft, operator: Operator, **changes: object) -> Ordered:
    with tenancy.acting_for(draft.organization_id):
        draft.form = {**draft.form, **changes}
        return ordering.order(draft, operator, timezone.now())


@pytest.mark.parametrize(
    ("sequel", "mark", "says", "asks"),
    [
        ("correction", "【訂正】", "の連絡を訂正します。", True),
        ("withdrawal", "【取消】", "の連絡は誤りでした。取り消します。", False),
        ("release", "【解除】", "の連絡を解除します。", False),
    ],
)
def test_a_draft_says_what_it_does_to_the_earlier_one(
    staffed: Organization,
    operator: Operator,
    signed_in: SignIn,
    sequel: str,
    mark: str,
    says: str,
    asks: bool,
) -> None:
    with tenancy.acting_for(staffed.pk):
        choices = tuple(str(pk) for pk in AnswerChoice.objects.values_list("pk", flat=True))
    broadcast = sent(staffed, operator, ask=True, choices=choices)

    draft = begin(signed_in(operator), broadcast, sequel)

    order = ordered(draft, operator).order
    assert order.content.incident.ja == mark + broadcast.content["incident"]["ja"]
    assert says in order.content.situation_note
    assert asks == bool(order.content.choices)
    assert (broadcast.pk, broadcast.pk) == (order.corrects, order.selection.reached_by)


def test_the_earlier_one_is_stopped_before_anything_is_written(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    broadcast, client = sent(staffed, operator), signed_in(operator)

    asked = words(client.get(f"/console/broadcasts/{broadcast.pk}/sequel/"))
    begin(client, broadcast, "correction")

    assert "停止して作成へ進む" in asked
    assert "送信を停止する" not in words(client.get(f"/console/broadcasts/{broadcast.pk}/"))


def test_nothing_is_stopped_where_nothing_was_chosen(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    broadcast, client = sent(staffed, operator), signed_in(operator)

    page = words(client.post(f"/console/broadcasts/{broadcast.pk}/sequel/"))

    assert "まだ停止していません" in page
    assert "送信を停止する" in words(client.get(f"/console/broadcasts/{broadcast.pk}/"))


def test_the_form_keeps_whom_it_goes_to_and_both_boards_name_each_other(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    broadcast, client = sent(staffed, operator), signed_in(operator)
    draft = begin(client, broadcast, "withdrawal")
    form = words(client.get(f"/console/drafts/{draft.pk}/?keep=1"))
    assert "もとの連絡が届いた可能性のある人" in form
    assert "名簿の全員に送る" not in form

    asked = ordered(draft, operator, to_all=True)
    assert asked.complaints == ()
    with tenancy.acting_for(staffed.pk):
        later = launch(staffed, asked.order, operator).broadcast_id

    assert "続きです" in words(client.get(f"/console/broadcasts/{later}/"))
    assert "訂正・取消・解除の連絡があります" in words(
        client.get(f"/console/broadcasts/{broadcast.pk}/")
    )


def test_two_presses_are_one_draft(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    broadcast, client = sent(staffed, operator), signed_in(operator)

    pressed = [begin(client, broadcast, kind).pk for kind in ("release", "release", "correction")]

    assert pressed[0] == pressed[1] != pressed[2]


@pytest.mark.parametrize(
    ("changes", "field"), [({"drill": True}, "drill"), ({"scheduled": True}, "start")]
)
def test_it_is_what_the_earlier_one_was_and_goes_at_once(
    staffed: Organization,
    operator: Operator,
    signed_in: SignIn,
    changes: dict[str, object],
    field: str,
) -> None:
    draft = begin(signed_in(operator), sent(staffed, operator), "correction")

    found = ordered(draft, operator, to_all=True, **changes).complaints

    assert field in {complaint.field for complaint in found}


def test_what_nobody_can_have_is_not_corrected(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    draft = begin(signed_in(operator), sent(staffed, operator), "correction")

    (complaint,) = ordered(draft, operator).complaints

    assert complaint.field == "audience"
    assert "まだだれにも渡していません" in complaint.words


def test_a_school_corrects_nothing_of_the_city(
    staffed: Organization, operator: Operator, first_school: Unit, signed_in: SignIn
) -> None:
    broadcast = sent(staffed, operator)
    teacher = hire(staffed, "teacher", Role.SENDER, first_school)

    response = signed_in(teacher).get(f"/console/broadcasts/{broadcast.pk}/sequel/")
    draft = begin(signed_in(operator), broadcast, "correction")

    assert response.status_code == 404
    (complaint,) = ordered(draft, teacher).complaints
    assert "見つかりません" in complaint.words


def test_a_ready_message_made_of_it_follows_nothing(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    broadcast, client = sent(staffed, operator), signed_in(operator)
    draft = begin(client, broadcast, "correction")
    typed = Typed.from_json(draft.form)

    client.post(
        f"/console/drafts/{draft.pk}/",
        {
            "do": "ready",
            "incident": typed.incident,
            "corrects": typed.corrects,
            "sequel": typed.sequel,
            "revision": draft.revision,
        },
    )

    with tenancy.acting_for(staffed.pk):
        kept = Typed.from_json(Draft.objects.templates().get().form)
    assert ("", "") == (kept.corrects, kept.sequel)
