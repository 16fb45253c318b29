"""Changing several people by the list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from denrei.directory import paging, several
from denrei.directory.models import (
    ContactGroup,
    GroupMember,
    Position,
    PositionHolder,
    Recipient,
    RecipientState,
)
from tests.web.console.conftest import hire
from tests.web.console.people.conftest import Register

SEVERAL = "/console/people/several/"


@pytest.fixture
def three(register: Register) -> list[int]:
    return [register(f"{name} さん", kana=name).pk for name in "甲乙丙"]


@pytest.fixture
def group(city: Organization) -> ContactGroup:
    with tenancy.acting_for(city.pk):
        return ContactGroup.objects.create(organization=city, code="g1", name="1年")


def members(city: Organization) -> set[int]:
    with tenancy.acting_for(city.pk):
        return set(GroupMember.objects.values_list("recipient_id", flat=True))


@pytest.mark.spec("MSG-5", "ALL-3")
def test_a_group_is_joined_after_a_confirmation_that_names_the_count(
    sender: Client, city: Organization, three: list[int], group: ContactGroup
) -> None:
    said = {"act": "join", "person": three[:2], "query": "q=甲"}

    asked = sender.post(SEVERAL, said)
    nobody = members(city)
    done = sender.post(SEVERAL, {**said, "confirmed": "2", "master": group.pk})

    page = asked.content.decode()
    assert (asked.status_code, "2人を入れる" in page, "甲 さん" in page) == (200, True, True)
    assert (nobody, members(city)) == (set(), set(three[:2]))
    assert done.headers["Location"] == "/console/people/?q=%E7%94%B2"
    with tenancy.acting_for(city.pk):
        entry = AuditEntry.objects.get(action="people.joined")
        assert entry.after == {"group": "1年", "recipients": three[:2]}


@pytest.mark.spec("MSG-5")
def test_each_act_does_what_it_says(
    sender: Client, city: Organization, three: list[int], group: ContactGroup
) -> None:
    with tenancy.acting_for(city.pk):
        position = Position.objects.create(organization=city, code="p1", name="班長")
    two = {"person": three[:2], "confirmed": "2"}

    sender.post(SEVERAL, {"act": "join", "master": group.pk, **two})
    sender.post(SEVERAL, {"act": "part", "master": group.pk, **two, "person": three[1:]})
    sender.post(SEVERAL, {"act": "appoint", "master": position.pk, **two})
    sender.post(SEVERAL, {"act": "appoint", "master": "none", "person": three[:1], "confirmed": 1})
    sender.post(SEVERAL, {"act": "leave", **two})
    sender.post(SEVERAL, {"act": "return", "person": three[:1], "confirmed": "1"})

    assert members(city) == {three[0]}
    with tenancy.acting_for(city.pk):
        holders = PositionHolder.objects.values_list("recipient_id", flat=True)
        left = Recipient.objects.filter(state=RecipientState.LEFT)
        assert (list(holders), list(left.values_list("pk", flat=True))) == ([three[1]], [three[1]])


def test_a_missing_choice_is_asked_for(
    sender: Client, city: Organization, three: list[int], group: ContactGroup
) -> None:
    said = {"act": "join", "person": three, "confirmed": "3"}

    for master in ("", "none", "999999", "x"):
        response = sender.post(SEVERAL, {**said, "master": master})

        assert response.status_code == 422
        assert "連絡グループを選んでください。" in response.content.decode()
    assert members(city) == set()


@pytest.mark.spec("MSG-5")
def test_all_that_a_filter_finds_are_taken_and_a_new_count_is_asked_again(
    sender: Client, city: Organization, three: list[int], register: Register
) -> None:
    said = {"act": "leave", "everyone": "1", "query": "q=さん"}
    asked = sender.post(SEVERAL, said).content.decode()
    register("丁 さん")

    again = sender.post(SEVERAL, {**said, "confirmed": "3"})
    with tenancy.acting_for(city.pk):
        left_at_once = Recipient.objects.filter(state=RecipientState.LEFT).count()
    done = sender.post(SEVERAL, {**said, "confirmed": "4"})

    assert ("3人を退会にする" in asked, left_at_once) == (True, 0)
    assert "対象が4人に変わりました" in again.content.decode()
    assert done.status_code == 302
    with tenancy.acting_for(city.pk):
        assert Recipient.objects.filter(state=RecipientState.LEFT).count() == 4


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"act": "join"},
        {"act": "zzz", "person": "1"},
        {"act": "leave", "person": ["x", "-1", "9" * 30, "999999"], "confirmed": "1"},
    ],
)
def test_nobody_chosen_goes_back_with_a_word(sender: Client, said: dict[str, object]) -> None:
    response = sender.post(SEVERAL, said, follow=True)

    assert "人を選んでから、操作のボタンを押してください。" in response.content.decode()


@pytest.mark.spec("ALL-5")
def test_people_of_other_units_can_not_be_chosen(
    city: Organization,
    first_school: Unit,
    register: Register,
    three: list[int],
    signed_in: Callable[[Operator], Client],
) -> None:
    mine = register("本校", unit=first_school)
    teacher = signed_in(hire(city, "t", Role.SENDER, first_school))

    said = {"act": "leave", "person": [*three, mine.pk]}
    asked = teacher.post(SEVERAL, said).content.decode()
    teacher.post(SEVERAL, {**said, "confirmed": "1"})

    assert ("1人を退会にする" in asked, "甲 さん" in asked) == (True, False)
    with tenancy.acting_for(city.pk):
        left = Recipient.objects.filter(state=RecipientState.LEFT).values_list("pk", flat=True)
        assert list(left) == [mine.pk]


def test_a_viewer_changes_nobody(viewer: Client, three: list[int]) -> None:
    assert viewer.post(SEVERAL, {"act": "leave", "person": three}).status_code == 403


@pytest.mark.spec("MSG-5")
def test_more_than_a_page_can_wait_for_are_refused_in_words(
    sender: Client, city: Organization, three: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "MOST", 2)
    said = {"act": "leave", "everyone": "1", "query": "q=さん", "confirmed": "3"}

    told = sender.post(SEVERAL, said, follow=True).content.decode()

    assert "一度に変えられるのは2人までです。" in told
    with tenancy.acting_for(city.pk):
        assert not Recipient.objects.filter(state=RecipientState.LEFT).exists()


@pytest.mark.spec("MSG-5")
def test_everyone_can_be_chosen_where_nobody_counted_them(
    sender: Client, city: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 50)
    with tenancy.acting_for(city.pk):
        Recipient.objects.bulk_create(
            Recipient(organization=city, name=f"仮名{number}") for number in range(51)
        )

    page = sender.get("/console/people/").content.decode()
    asked = sender.post(SEVERAL, {"act": "leave", "everyone": "1", "query": ""}).content.decode()

    assert "条件に合う全員を選ぶ" in page
    assert "51人を退会にする" in asked
