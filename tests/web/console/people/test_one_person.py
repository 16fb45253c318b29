"""One person's page, leaving, erasing, and the children of the household."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.directory import several
from denrei.directory.models import (
    ContactGroup,
    Household,
    Recipient,
    RecipientState,
    Subject,
)
from tests.web.console.conftest import hire
from tests.web.console.people.conftest import Register, mail, typed


def shown(client: Client, person: Recipient) -> str:
    return client.get(f"/console/people/{person.pk}/").content.decode()


@pytest.mark.spec("SCH-2", "SCH-3")
def test_contacts_are_shown_with_what_becomes_of_them(viewer: Client, register: Register) -> None:
    person = register(
        "山田 花子",
        contacts=(
            mail("a@example.jp", confirmed=True),
            mail("b@example.jp", 2, receives=False),
            mail("c@example.jp", 3),
        ),
    )

    page = shown(viewer, person)

    assert "連絡を受け取ります。" in page
    assert "連絡を受け取りません。" in page
    assert "連絡が届くのは2番目までのため" in page
    assert "未確認" in page


def test_a_person_whom_nothing_reaches_is_shown_so(viewer: Client, register: Register) -> None:
    assert "連絡を届ける先がありません" in shown(viewer, register("甲"))


@pytest.mark.spec("ALL-3")
def test_the_history_tells_who_changed_what(
    sender: Client, city: Organization, register: Register
) -> None:
    person = register("山田 花子", kana="やまだ", contacts=(mail("a@example.jp"),))
    seen = sender.get(f"/console/people/{person.pk}/change/").context["form"]["seen"].value()
    sender.post(
        f"/console/people/{person.pk}/change/",
        typed({"address": "b@example.jp"}, kana="やまだ はなこ", seen=seen),
    )
    with tenancy.acting_for(city.pk):
        group = ContactGroup.objects.create(organization=city, code="g1", name="1年")
        several.join(Operator.objects.get(login="sender"), [person.pk], group)

    acts = sender.get(f"/console/people/{person.pk}/").context["acts"]

    assert [(act.words, act.actor) for act in acts] == [
        ("まとめてグループに入れた", "senderさん"),
        ("変更", "senderさん"),
        ("登録", "事務 一郎"),
    ]
    told = [(one.label, one.before, one.after) for one in acts[1].differences]
    assert told == [
        ("ふりがな", "やまだ", "やまだ はなこ"),
        ("連絡先", "メール1 a@example.jp（未確認）", "メール1 b@example.jp（未確認）"),
    ]
    assert [one.after for one in acts[0].differences] == ["1年"]


@pytest.mark.spec("ALL-5")
def test_who_else_uses_an_address_is_told_of_people_one_sees(
    city: Organization,
    sender: Client,
    first_school: Unit,
    second_school: Unit,
    register: Register,
    signed_in: Callable[[Operator], Client],
) -> None:
    person = register("山田 花子", unit=first_school, contacts=(mail("a@example.jp"),))
    register("他校の人", unit=second_school, contacts=(mail("A@example.jp"),))
    teacher = signed_in(hire(city, "t", Role.VIEWER, first_school))

    assert "他校の人" in shown(sender, person)
    assert "他校の人" not in shown(teacher, person)


@pytest.mark.spec("MSG-5")
def test_deleting_lets_leave_and_the_person_can_come_back(
    sender: Client, city: Organization, register: Register
) -> None:
    person = register("山田 花子")

    sender.post(f"/console/people/{person.pk}/delete/", {"how": "leave"})
    with tenancy.acting_for(city.pk):
        left = Recipient.objects.get().state
    page = shown(sender, person)
    sender.post(f"/console/people/{person.pk}/return/")

    assert (left, "在籍に戻す" in page) == (RecipientState.LEFT, True)
    with tenancy.acting_for(city.pk):
        assert Recipient.objects.get().state == RecipientState.ACTIVE


@pytest.mark.spec("MSG-5")
def test_erasing_asks_to_be_sure(sender: Client, city: Organization, register: Register) -> None:
    person = register("山田 花子")
    address = f"/console/people/{person.pk}/delete/"

    unsure = sender.post(address, {"how": "erase"})
    with tenancy.acting_for(city.pk):
        kept = Recipient.objects.count()
    sure = sender.post(address, {"how": "erase", "sure": "1"})

    assert (unsure.status_code, kept, sure.status_code) == (422, 1, 302)
    assert "確認の印を付けてください" in unsure.content.decode()
    with tenancy.acting_for(city.pk):
        assert Recipient.objects.count() == 0
    assert sender.post(address, {"how": "leave"}).status_code == 404
    assert sender.get(f"/console/people/{person.pk}/").status_code == 404


def children(*rows: dict[str, object]) -> dict[str, object]:
    data: dict[str, object] = {"child-TOTAL_FORMS": len(rows), "child-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"child-{number}-{name}": value for name, value in row.items()}
    return data


@pytest.mark.spec("NEW-5")
def test_children_of_a_household_are_kept(
    sender: Client, city: Organization, first_school: Unit, register: Register
) -> None:
    person = register("山田 花子", household="H-1")
    register("山田 太郎", household="H-1")
    with tenancy.acting_for(city.pk):
        household = Household.objects.get()
    address = f"/console/people/households/{household.pk}/"
    first = {"name": "山田 一郎", "unit": first_school.pk, "class_name": "3年2組"}

    added = sender.post(address, children(first, {"name": ""}))
    with tenancy.acting_for(city.pk):
        child = Subject.objects.get()
    page = shown(sender, person)
    wrong = sender.post(address, children({"known": child.pk, "name": "", "kana": "いちろう"}))
    gone = sender.post(address, children({"known": child.pk, "name": "山田 一郎", "remove": "on"}))

    assert (added.status_code, wrong.status_code, gone.status_code) == (302, 422, 302)
    assert "児童の氏名を入力してください。" in wrong.content.decode()
    assert "いちろう" in wrong.content.decode()
    assert ("山田 一郎" in page, "3年2組" in page, "山田 太郎" in page) == (True, True, True)
    with tenancy.acting_for(city.pk):
        assert Subject.objects.count() == 0


@pytest.mark.spec("ALL-5")
def test_a_household_of_another_unit_is_not_found(
    city: Organization,
    first_school: Unit,
    second_school: Unit,
    register: Register,
    signed_in: Callable[[Operator], Client],
) -> None:
    register("他校の人", unit=second_school, household="H-1")
    with tenancy.acting_for(city.pk):
        household = Household.objects.get()
    teacher = signed_in(hire(city, "t", Role.SENDER, first_school))

    assert teacher.get(f"/console/people/households/{household.pk}/").status_code == 404
