"""The list of drafts: content on click, deletion of many after a confirmation (MSG-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Role, Unit
from denrei.broadcasts.models import Draft
from denrei.deliveries.appointed import Scheduled, ScheduledState
from tests.web.console.compose.conftest import Desktop, words
from tests.web.console.conftest import hire

pytestmark = pytest.mark.spec("MSG-4")
DRAFTS = "/console/drafts/"


def saved(desktop: Desktop, client: Client, *places: str) -> list[str]:
    """Save a draft for each place; return their ids in this order."""
    for place in places:
        client.post("/console/compose/", desktop.form(do="save", place=place))
    with tenancy.acting_for(desktop.city.pk):
        return [str(pk) for pk in Draft.objects.order_by("pk").values_list("pk", flat=True)]


def left(desktop: Desktop) -> int:
    """Return how many drafts there are."""
    with tenancy.acting_for(desktop.city.pk):
        return Draft.objects.count()


def test_an_empty_list_says_how_it_fills(sender: Client, desktop: Desktop) -> None:
    assert "下書きはありません" in words(sender.get(DRAFTS))


def test_the_content_is_shown_below_the_list(sender: Client, desktop: Desktop) -> None:
    first, _ = saved(desktop, sender, "港", "駅")

    page = words(sender.get(f"{DRAFTS}?show={first}"))

    assert "発生場所：港" in page
    assert "発生場所：駅" not in page
    assert "件名を選ぶと、ここに内容を表示します。" in words(sender.get(DRAFTS))


@pytest.mark.parametrize("show", ["x", "0", "9" * 40, "-1"])
def test_what_is_no_draft_is_not_shown(sender: Client, desktop: Desktop, show: str) -> None:
    saved(desktop, sender, "港")

    assert "下書きの内容" not in words(sender.get(f"{DRAFTS}?show={show}"))


def test_all_are_marked_at_once_without_script(sender: Client, desktop: Desktop) -> None:
    saved(desktop, sender, "港", "駅")

    assert 0 == sender.get(DRAFTS).content.decode().count(" checked>")
    assert 2 == sender.get(f"{DRAFTS}?all=1").content.decode().count(" checked>")


def test_the_marked_are_deleted_together_after_a_confirmation(
    sender: Client, desktop: Desktop
) -> None:
    marked = saved(desktop, sender, "港", "駅", "市役所")[:2]

    asked = sender.post(f"{DRAFTS}delete/", {"draft": marked})
    assert "次の下書き2件を削除します。" in words(asked)
    assert 3 == left(desktop)

    done = sender.post(f"{DRAFTS}delete/", {"draft": marked, "sure": "1"}, follow=True)
    assert "下書きを2件削除しました。" in words(done)
    assert 1 == left(desktop)


@pytest.mark.parametrize("marked", [[], ["x"], ["9" * 40], ["123456789"]])
def test_nothing_marked_is_said(sender: Client, desktop: Desktop, marked: list[str]) -> None:
    saved(desktop, sender, "港")

    answer = sender.post(f"{DRAFTS}delete/", {"draft": marked, "sure": "1"}, follow=True)

    assert "削除する下書きを選んでください。" in words(answer)
    assert 1 == left(desktop)


@pytest.mark.spec("ALL-5")
def test_drafts_of_another_unit_are_neither_listed_nor_deleted(
    desktop: Desktop,
    first_school: Unit,
    second_school: Unit,
    signed_in: Callable[[Operator], Client],
) -> None:
    first = signed_in(hire(desktop.city, "first", Role.SENDER, first_school))
    second = signed_in(hire(desktop.city, "second", Role.SENDER, second_school))
    (theirs,) = saved(desktop, first, "第一校庭")

    assert "下書きはありません" in words(second.get(DRAFTS))
    assert "第一校庭" not in words(second.get(f"{DRAFTS}?show={theirs}"))
    second.post(f"{DRAFTS}delete/", {"draft": [theirs], "sure": "1"})
    assert 1 == left(desktop)


def test_what_is_reserved_is_marked(sender: Client, desktop: Desktop) -> None:
    (draft,) = saved(desktop, sender, "港")
    with tenancy.acting_for(desktop.city.pk):
        now = timezone.now()
        Scheduled.objects.create(
            organization=desktop.city,
            draft_id=int(draft),
            key="draft:1:1",
            order={},
            launch_at=now + timedelta(hours=1),
            not_after=now + timedelta(hours=2),
            state=ScheduledState.WAITING,
            by=Operator.objects.get(login="sender"),
        )

    assert "予約中" in words(sender.get(DRAFTS))
    told = "ここで変更しても、予約した内容は変わりません。"
    assert told in words(sender.get(f"{DRAFTS}{draft}/"))


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    sender: Client, desktop: Desktop, django_assert_max_num_queries: Callable[..., object]
) -> None:
    saved(desktop, sender, *(f"駅{number}" for number in range(12)))

    with django_assert_max_num_queries(26):  # type: ignore[attr-defined] # pytest-django's
        assert 200 == sender.get(DRAFTS).status_code
