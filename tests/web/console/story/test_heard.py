"""An answer that an operator heard is kept once, with who heard it and how (NEW-4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator
from denrei.responses.models import Response
from tests.web.console.story.conftest import Sent

SignIn = Callable[[Operator], Client]


def heard(sent: Sent) -> list[tuple[str, str, str, int | None]]:
    """Return choice, source, comment and operator of each answer, the first first."""
    with tenancy.acting_for(sent.city.pk):
        rows = Response.objects.of(sent.broadcast.pk, sent.person.pk)
        return list(rows.values_list("choice", "source", "comment", "actor_id"))


def first_choice(sent: Sent) -> str:
    return str(sent.broadcast.content["choices"][0]["code"])


@pytest.mark.spec("NEW-4", "ALL-3")
def test_an_answer_heard_on_the_phone_is_kept_with_its_operator(
    sent: Sent, desk_of: Client
) -> None:
    form = {"choice": first_choice(sent), "source": "phone", "comment": "自宅にいます"}

    page = desk_of.post(f"{sent.path}answer/", form, follow=True).content.decode()

    assert [(form["choice"], "phone", "自宅にいます", sent.operator.pk)] == heard(sent)
    assert "回答を記録しました。" in page
    assert "senderさんが代わりに記録しました（電話で本人と話した）。" in page
    assert "「自宅にいます」" in page
    with tenancy.acting_for(sent.city.pk):
        assert AuditEntry.objects.filter(action="answer.noted", actor=sent.operator).exists()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"choice": ""}, "回答を選んでください。", id="no answer"),
        pytest.param({"source": ""}, "確認した方法を選んでください。", id="no source"),
        pytest.param({"choice": "zzz"}, "選んだ項目は、もう使えません", id="unknown answer"),
        pytest.param({"source": "zzz"}, "選んだ項目は、もう使えません", id="unknown source"),
        pytest.param({"comment": "あ" * 101}, "1文字多くなっています", id="long comment"),
    ],
)
def test_what_was_typed_stays_with_the_fault(
    sent: Sent, desk_of: Client, changes: dict[str, str], fault: str
) -> None:
    typed = {"choice": first_choice(sent), "source": "visit", "comment": "会えました"}

    response = desk_of.post(f"{sent.path}answer/", typed | changes)

    page = response.content.decode()
    assert (422, []) == (response.status_code, heard(sent))
    assert fault in page
    assert (typed | changes)["comment"] in page
    assert '<details class="more no-print" open>' in page


@pytest.mark.spec("NEW-4")
def test_the_same_press_twice_is_one_answer(sent: Sent, desk_of: Client) -> None:
    form = {"choice": first_choice(sent), "source": "phone", "comment": ""}
    desk_of.post(f"{sent.path}answer/", form)

    again = desk_of.post(f"{sent.path}answer/", form, follow=True).content.decode()

    assert 1 == len(heard(sent))
    assert "すでに記録されています" in again


@pytest.mark.spec("NEW-4")
def test_the_same_answer_heard_again_later_is_another_one(sent: Sent, desk_of: Client) -> None:
    form = {"choice": first_choice(sent), "source": "phone", "comment": ""}
    desk_of.post(f"{sent.path}answer/", form)
    seen = desk_of.get(sent.path).context["form"]["seen"].value()

    desk_of.post(f"{sent.path}answer/", form | {"seen": seen})

    assert 2 == len(heard(sent))


@pytest.mark.spec("NEW-4")
def test_an_answer_that_came_meanwhile_is_shown_before_another_counts_more(
    sent: Sent, desk_of: Client, admin: Client
) -> None:
    help_code = next(
        choice["code"] for choice in sent.broadcast.content["choices"] if choice["needs_help"]
    )
    admin.post(f"{sent.path}answer/", {"choice": help_code, "source": "family"})
    form = {"choice": first_choice(sent), "source": "phone", "comment": "朝の電話で"}

    asked = desk_of.post(f"{sent.path}answer/", form)
    kept = heard(sent)
    seen = asked.context["form"]["seen"].value()
    desk_of.post(f"{sent.path}answer/", form | {"seen": seen})

    assert (422, 1) == (asked.status_code, len(kept))
    assert "まだ記録していません" in asked.content.decode()
    assert "朝の電話で" in asked.content.decode()
    assert [help_code, form["choice"]] == [row[0] for row in heard(sent)]


def test_where_nothing_is_asked_a_confirmation_is_kept(
    send: Callable[..., Sent], signed_in: SignIn
) -> None:
    sent = send(ask=False)
    client = signed_in(sent.operator)

    before = client.get(sent.path).content.decode()
    after = client.post(f"{sent.path}answer/", {"source": "phone"}, follow=True).content.decode()

    assert "受信確認を記録する" in before
    assert 'name="choice"' not in before
    assert [("", "phone", "", sent.operator.pk)] == heard(sent)
    assert "受信確認" in after


def test_a_viewer_sees_no_form_and_keeps_nothing(sent: Sent, viewer: Client) -> None:
    page = viewer.get(sent.path)

    assert 200 == page.status_code
    assert "代わりに回答を記録する" not in page.content.decode()
    assert 403 == viewer.post(f"{sent.path}answer/", {}).status_code
    assert 403 == viewer.post(f"{sent.path}help/take/").status_code


@pytest.mark.spec("NEW-4")
def test_a_call_for_help_alarms_until_an_operator_has_taken_and_closed_it(
    sent: Sent, desk_of: Client
) -> None:
    well, *_ = (one for one in sent.broadcast.content["choices"] if not one["needs_help"])
    ill, *_ = (one for one in sent.broadcast.content["choices"] if one["needs_help"])
    for choice in (well, ill):
        seen = desk_of.get(sent.path).context["form"]["seen"].value()
        desk_of.post(
            f"{sent.path}answer/", {"choice": choice["code"], "source": "phone", "seen": seen}
        )

    called = desk_of.get(sent.path).content.decode()
    taken = desk_of.post(f"{sent.path}help/take/", follow=True).content.decode()
    twice = desk_of.post(f"{sent.path}help/take/", follow=True).content.decode()
    closed = desk_of.post(f"{sent.path}help/close/", follow=True).content.decode()

    changed = f"回答が「{well['words']['ja']}」から「{ill['words']['ja']}」に変わりました"
    for words in (changed, "担当者がまだいません。", "支援が必要に変わりました"):
        assert words in called
    assert "担当はsenderさんです。" in taken
    assert "senderさんが担当になりました" in taken
    assert "ほかの操作者が先に変更しました" in twice
    assert "senderさんが支援の対応を終えました" in closed
    assert changed not in closed


def test_an_act_that_is_none_is_not_found(sent: Sent, desk_of: Client) -> None:
    assert 404 == desk_of.post(f"{sent.path}help/dance/").status_code
    assert 404 == desk_of.post(f"{sent.path}help/take/").status_code  # nobody called
