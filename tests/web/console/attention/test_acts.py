"""What operators do with cases on the page, and what of it is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from denrei.deliveries.models import Attention, AttentionState
from denrei.directory.models import Contact, ContactState
from denrei.domain.status import Status
from tests.web.console.attention.conftest import Begin
from tests.web.console.conftest import browser, hire

pytestmark = pytest.mark.spec("EMC-7")


@pytest.fixture
def me(city: Organization) -> Operator:
    return hire(city, "me", Role.SENDER)


@pytest.fixture
def client(city: Organization, me: Operator) -> Client:
    return browser(city, me)


def act(client: Client, act: str, cases: Collection[Attention], **more: object) -> str:
    """Press a button for cases; return what the page says then."""
    said = {"act": act, "case": [case.pk for case in cases], **more}
    response = client.post("/console/attention/several/", said, follow=True)
    assert response.status_code in (200, 422)
    return response.content.decode()


def now(case: Attention) -> Attention:
    """Return a case as it is now."""
    with tenancy.acting_for(case.organization_id):
        return Attention.objects.select_related("assigned_to", "handled_by").get(pk=case.pk)


def trail(case: Attention) -> list[tuple[str, str, Mapping[str, object]]]:
    """Return the acts on a case, in order: what, by whom, and what it became."""
    with tenancy.acting_for(case.organization_id):
        found = AuditEntry.objects.about("attention", str(case.pk)).order_by("pk")
        return [(entry.action, entry.actor_name, entry.after or {}) for entry in found]


@pytest.mark.spec("ALL-3")
def test_an_operator_takes_cases_and_gives_them_back(
    client: Client, me: Operator, begin: Begin
) -> None:
    cases = [begin("甲"), begin("乙")]

    assert "2件の担当になりました。" in act(client, "take", cases)
    assert {now(case).assigned_to for case in cases} == {me}
    assert "1件の担当を外しました。" in act(client, "give-back", cases[:1])
    assert now(cases[0]).assigned_to is None
    assert trail(cases[0]) == [
        ("attention.taken", "meさん", {"name": "甲", "assigned_to": "meさん"}),
        ("attention.given_back", "meさん", {"name": "甲", "assigned_to": ""}),
    ]


def test_the_button_of_one_case_is_for_that_one_whatever_else_is_picked(
    client: Client, me: Operator, begin: Begin
) -> None:
    picked, pressed = begin("甲"), begin("乙")

    said = {"case": [picked.pk], "one": f"take-{pressed.pk}"}
    client.post("/console/attention/several/", said)

    assert (None, me) == (now(picked).assigned_to, now(pressed).assigned_to)


def test_cases_are_given_to_an_operator_who_sees_the_person_and_may_act(
    client: Client, city: Organization, begin: Begin, first_school: Unit
) -> None:
    teacher = hire(city, "teacher", Role.SENDER, first_school)
    hire(city, "looker", Role.VIEWER)
    pupil, clerk = begin("生徒", unit=first_school), begin("職員")

    asked = act(client, "assign", [pupil, clerk])
    said = act(client, "assign", [pupil, clerk], confirmed="1", to=teacher.pk)

    assert "teacherさん" in asked
    assert "lookerさん" not in asked
    assert "1件の担当を決めました。ほかの1件は、変わりませんでした。" in said
    assert (teacher, None) == (now(pupil).assigned_to, now(clerk).assigned_to)


def test_a_case_is_put_off_until_a_day_and_comes_back(client: Client, begin: Begin) -> None:
    case = begin("甲")
    day = timezone.localdate() + timedelta(days=3)

    assert 'type="date"' in act(client, "snooze", [case])
    assert "1件を先送りしました。" in act(client, "snooze", [case], confirmed="1", until=str(day))

    until = now(case).snoozed_until
    assert until is not None
    assert timezone.localtime(until).isoformat() == f"{day}T00:00:00+09:00"
    assert "対応が必要な連絡先はありません" in client.get("/console/attention/").content.decode()


@pytest.mark.parametrize("until", ["", "x", "2020-01-01", "2999-01-01", str(date(9999, 12, 31))])
def test_a_day_that_is_none_is_asked_for_again(client: Client, begin: Begin, until: str) -> None:
    case = begin("甲")

    assert "明日から1年後までの日を入力してください。" in act(
        client, "snooze", [case], confirmed="1", until=until
    )
    assert now(case).snoozed_until is None


def test_a_case_is_done_with_a_note_and_opened_again(
    client: Client, me: Operator, begin: Begin
) -> None:
    case = begin("甲", assigned_to=me)

    said = act(client, "done", [case], confirmed="1", note="電話で本人に確認しました")
    done = now(case)
    again = act(client, "reopen", [case])

    assert "1件を対応済みにしました。" in said
    assert (AttentionState.DONE, me, "電話で本人に確認しました", None) == (
        done.state,
        done.handled_by,
        done.note,
        done.assigned_to,
    )
    assert "1件を未対応に戻しました。" in again
    assert now(case).state == AttentionState.OPEN
    page = client.get(f"/console/attention/{case.pk}/").content.decode()
    assert "メモ：電話で本人に確認しました" in page
    assert page.count("meさん　要対応") == 2


def test_a_note_that_is_too_long_comes_back_as_it_was(client: Client, begin: Begin) -> None:
    case = begin("甲")

    said = act(client, "done", [case], confirmed="1", note="長" * 201)

    assert "メモは200文字以内に短くしてください。" in said
    assert "長" * 201 in said
    assert now(case).state == AttentionState.OPEN


def test_a_case_whose_contact_is_no_more_in_use_stays_over(client: Client, begin: Begin) -> None:
    case = begin("甲")
    with tenancy.acting_for(case.organization_id):
        Contact.objects.update(state=ContactState.RETIRED)

    said = act(client, "reopen", [case])

    assert now(case).state == AttentionState.MENDED
    assert "ほかの1件は、変わりませんでした。" in said
    assert (
        "対応済み：連絡先が直されました"
        in client.get(f"/console/attention/{case.pk}/").content.decode()
    )


@pytest.mark.parametrize(
    "said", [{}, {"act": "take"}, {"act": "x", "case": "1"}, {"one": "take-x"}]
)
def test_without_a_case_or_an_act_the_page_says_what_to_do(
    client: Client, said: Mapping[str, str]
) -> None:
    response = client.post("/console/attention/several/", said, follow=True)

    assert "連絡先を選んでから、操作のボタンを押してください。" in response.content.decode()


@pytest.mark.spec("ALL-5")
def test_cases_of_others_are_not_touched(
    city: Organization, begin: Begin, first_school: Unit, second_school: Unit
) -> None:
    teacher = browser(city, hire(city, "teacher", Role.SENDER, first_school))
    other = begin("第二の人", unit=second_school)

    for name, more in (
        ("take", {}),
        ("done", {"confirmed": "1"}),
        ("snooze", {"confirmed": "1", "until": str(timezone.localdate() + timedelta(days=2))}),
    ):
        act(teacher, name, [other], **more)

    assert (now(other).state, now(other).assigned_to, now(other).snoozed_until) == (0, None, None)
    assert trail(other) == []


@pytest.mark.spec("EMC-6")
def test_a_release_is_asked_for_first_and_ends_the_case(client: Client, begin: Begin) -> None:
    case = begin("甲", status=Status.KNOWN_BAD)
    path = f"/console/attention/{case.pk}/release/"

    asked = client.get(path).content.decode()
    still = now(case).state
    said = client.post(path, follow=True).content.decode()
    again = client.post(path, follow=True).content.decode()

    assert "いま送信されるものはありません。" in asked
    assert (AttentionState.OPEN, AttentionState.RELEASED) == (still, now(case).state)
    assert "抑止を解除しました。次の連絡から、この連絡先に送ります。" in said
    assert "対応済み：担当者が抑止を解除しました" in said
    assert again  # a second press finds it released


def test_the_persons_page_leads_to_the_case(client: Client, begin: Begin) -> None:
    bad, refused = begin("甲", status=Status.KNOWN_BAD), begin("乙")

    for case, words in ((bad, "エラーアドレス"), (refused, "要対応")):
        page = client.get(f"/console/people/{case.recipient_id}/").content.decode()
        start = page.index(f'href="/console/attention/{case.pk}/"')
        assert words in page[start : start + 400]


def test_the_trail_tells_the_acts_in_words(city: Organization, begin: Begin) -> None:
    admin = browser(city, hire(city, "boss"))
    case = begin("見本 三郎")
    act(admin, "take", [case])

    page = admin.get("/console/trail/").content.decode()

    assert "要対応「見本 三郎」の担当になりました" in page
