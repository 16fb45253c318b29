"""The confirm page: what it shows, and what a press does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from denrei.accounts.preferences import Preferences
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Draft, IncidentType
from denrei.broadcasts.typed import Typed
from denrei.deliveries.models import Lane
from tests.web.console import town
from tests.web.console.conftest import PASSWORD, hire
from tests.web.console.launching import pages

SignIn = Callable[[Operator], Client]


def prefer(city: Organization, **changes: object) -> None:
    """Let the city decide something for itself."""
    with tenancy.acting_for(city.pk):
        city.refresh_from_db()
        wanted = Preferences(**{"labels": {}, **changes})  # type: ignore[arg-type] # a test's
        city.settings = wanted.to_json()
        city.save(update_fields=["settings"])


def edit(city: Organization, draft: Draft, operator: Operator, **changes: object) -> None:
    """Change a draft by the way."""
    with tenancy.acting_for(city.pk):
        drafts.save(draft, town.typed(city, **changes), operator, draft.revision)


@pytest.mark.spec("NEW-6", "MSG-3")
def test_the_page_says_what_would_happen(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    town.person(staffed, "連絡なし 太郎")
    page = pages.show(desk_of_sender, draft)

    assert "本番として<br>4人に送信する" in page
    assert "まだ送信されていません" in page
    assert "連絡先が1つもない" in page
    assert "連絡なし 太郎" in page
    assert "防災課" in page
    assert "band--live" in page


@pytest.mark.spec("ALL-8")
def test_a_drill_is_unmistakable(
    staffed: Organization, desk_of_sender: Client, operator: Operator
) -> None:
    draft = town.draft(staffed, operator, drill=True)
    page = pages.show(desk_of_sender, draft)
    pages.press(desk_of_sender, draft, page)

    assert "band--drill" in page
    assert "band--live" not in page
    assert "訓練として<br>3人に送信する" in page
    assert "本番" not in page.split("<main", 1)[1]
    assert [True] == [sent.drill for sent in pages.broadcasts(staffed)]


def test_a_press_launches_by_the_operator_and_leads_to_the_broadcast(
    staffed: Organization, desk_of_sender: Client, draft: Draft, operator: Operator
) -> None:
    response = pages.press(desk_of_sender, draft, pages.show(desk_of_sender, draft))

    (sent,) = pages.broadcasts(staffed)
    assert (302, f"/console/broadcasts/{sent.pk}/") == (
        response.status_code,
        response.headers["Location"],
    )
    with tenancy.acting_for(staffed.pk):
        draft.refresh_from_db()
        entry = AuditEntry.objects.get(action="broadcast.launched")
    assert (sent.pk, operator.pk, operator.pk) == (
        draft.broadcast_id,
        sent.launched_by_id,
        entry.actor_id,
    )


@pytest.mark.spec("ALL-1")
def test_a_second_press_leads_to_the_same_broadcast(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    shown = pages.show(desk_of_sender, draft)
    first = pages.press(desk_of_sender, draft, shown)
    second = pages.press(desk_of_sender, draft, shown)
    back = desk_of_sender.get(pages.address(draft))

    assert first.headers["Location"] == second.headers["Location"] == back.headers["Location"]
    assert 1 == len(pages.broadcasts(staffed))
    assert (
        "二重には送信していません" in desk_of_sender.get(first.headers["Location"]).content.decode()
    )


def test_a_draft_changed_meanwhile_is_shown_and_not_sent(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    shown = pages.show(desk_of_sender, draft)
    edit(staffed, draft, hire(staffed, "other", Role.SENDER), place="別の場所")

    response = pages.press(desk_of_sender, draft, shown)

    page = response.content.decode()
    assert (409, []) == (response.status_code, pages.broadcasts(staffed))
    assert "otherさんがこの下書きを変更しました" in page
    assert "別の場所" in page
    assert 302 == pages.press(desk_of_sender, draft, page).status_code


def test_words_of_a_list_changed_meanwhile_are_shown_and_not_sent(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    shown = pages.show(desk_of_sender, draft)
    with tenancy.acting_for(staffed.pk):
        IncidentType.objects.update(name="別の区分")

    response = pages.press(desk_of_sender, draft, shown)

    assert (409, []) == (response.status_code, pages.broadcasts(staffed))
    assert "区分の名前や設定が変わりました" in response.content.decode()


def test_another_number_of_people_is_said_and_asked_again(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    shown = pages.show(desk_of_sender, draft)
    town.people(staffed, 2)

    response = pages.press(desk_of_sender, draft, shown)

    page = response.content.decode()
    assert (409, []) == (response.status_code, pages.broadcasts(staffed))
    assert "3人から5人に変わりました" in page
    assert 302 == pages.press(desk_of_sender, draft, page).status_code


@pytest.mark.parametrize("typed", ["3", "３", " 3人 "])
def test_above_a_number_it_is_typed(
    staffed: Organization, desk_of_sender: Client, draft: Draft, typed: str
) -> None:
    prefer(staffed, typed_count_above=2)
    shown = pages.show(desk_of_sender, draft)

    for wrong in ("", "4", "三", "3" * 40):
        refused = pages.press(desk_of_sender, draft, shown, typed=wrong)
        assert 422 == refused.status_code
        assert "対象の人数と違います" in refused.content.decode()
    assert 302 == pages.press(desk_of_sender, draft, shown, typed=typed).status_code


def test_up_to_that_number_nothing_is_typed(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    prefer(staffed, typed_count_above=3)

    assert 'name="typed"' not in pages.show(desk_of_sender, draft)


def test_a_press_that_says_nothing_of_what_was_shown_sends_nothing(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    response = desk_of_sender.post(pages.address(draft), {"revision": "x", "people": "-1"})

    assert (409, []) == (response.status_code, pages.broadcasts(staffed))


def test_what_a_launch_refuses_is_said_on_the_page(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    shown = pages.show(desk_of_sender, draft)
    with tenancy.acting_for(staffed.pk):
        Lane.objects.update(enabled=False)

    response = pages.press(desk_of_sender, draft, shown)

    assert response.status_code in (409, 422)
    assert "送信経路" in response.content.decode()
    assert [] == pages.broadcasts(staffed)


def test_a_draft_that_may_not_be_sent_leads_back_to_its_form(
    staffed: Organization, desk_of_sender: Client, operator: Operator
) -> None:
    draft = town.draft(staffed, operator, sender="")

    response = desk_of_sender.get(pages.address(draft))

    assert (302, f"/console/drafts/{draft.pk}/?keep=1&checked=1") == (
        response.status_code,
        response.headers["Location"],
    )


@pytest.mark.spec("OPS-4")
def test_where_the_organization_asks_for_it_one_signs_in_again(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    prefer(staffed, sign_in_before_launch=True)
    shown = pages.show(desk_of_sender, draft)
    session = desk_of_sender.session
    session["account_authentication_methods"] = []
    session.save()

    asked = pages.show(desk_of_sender, draft)
    pressed = pages.press(desk_of_sender, draft, shown)

    assert "もう一度サインインする" in asked
    assert 'name="digest"' not in asked
    assert 302 == pressed.status_code
    assert "next=" in pressed.headers["Location"]
    assert [] == pages.broadcasts(staffed)


@pytest.mark.spec("OPS-4")
def test_who_signed_in_again_comes_back_and_sends(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    prefer(staffed, sign_in_before_launch=True)
    session = desk_of_sender.session
    session["account_authentication_methods"] = []
    session.save()
    door = desk_of_sender.get(pages.address(draft)).context["sign_in_again"]

    back = desk_of_sender.post(door, {"password": PASSWORD})
    shown = pages.show(desk_of_sender, draft)
    pages.press(desk_of_sender, draft, shown)

    assert pages.address(draft) == back.headers["Location"]
    assert 1 == len(pages.broadcasts(staffed))


@pytest.mark.spec("OPS-4")
def test_a_drill_needs_no_second_sign_in(
    staffed: Organization, desk_of_sender: Client, operator: Operator
) -> None:
    prefer(staffed, sign_in_before_launch=True)
    session = desk_of_sender.session
    session["account_authentication_methods"] = []
    session.save()
    draft = town.draft(staffed, operator, drill=True)

    pressed = pages.press(desk_of_sender, draft, pages.show(desk_of_sender, draft))

    assert 1 == len(pages.broadcasts(staffed)), pressed.headers


@pytest.mark.spec("MSG-4")
def test_two_operators_on_one_draft_are_told_of_each_other(
    staffed: Organization, desk_of_sender: Client, draft: Draft, signed_in: SignIn
) -> None:
    other = signed_in(hire(staffed, "other", Role.SENDER))
    pages.show(other, draft)

    assert "otherさんもこの画面を開いています" in pages.show(desk_of_sender, draft)


@pytest.mark.spec("ALL-5")
def test_a_draft_of_another_unit_is_not_found(
    staffed: Organization,
    operator: Operator,
    signed_in: SignIn,
    first_school: Unit,
    second_school: Unit,
) -> None:
    teacher = hire(staffed, "first", Role.SENDER, first_school)
    other = signed_in(hire(staffed, "second", Role.SENDER, second_school))
    draft = town.draft(staffed, teacher)

    assert 404 == other.get(pages.address(draft)).status_code
    assert 404 == other.post(pages.address(draft)).status_code
    assert 404 == other.get(f"/console/drafts/{draft.pk}/unreachable/").status_code
    assert 404 == other.get(f"/console/drafts/{draft.pk}/unreachable.csv").status_code


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_reaches_its_people_only(
    staffed: Organization, signed_in: SignIn, first_school: Unit
) -> None:
    town.people(staffed, 2, first_school)
    teacher = hire(staffed, "first", Role.SENDER, first_school)
    client = signed_in(teacher)
    draft = town.draft(staffed, teacher)

    page = pages.show(client, draft)
    pages.press(client, draft, page)

    assert "2人に送信する" in page
    with tenancy.acting_for(staffed.pk):
        assert 2 == pages.broadcasts(staffed)[0].audience.count()


def test_a_viewer_may_not(viewer: Client, draft: Draft) -> None:
    assert 403 == viewer.get(pages.address(draft)).status_code
    assert 403 == viewer.post(pages.address(draft)).status_code


def test_a_ready_message_itself_is_not_sent(
    staffed: Organization, desk_of_sender: Client, operator: Operator
) -> None:
    ready = town.ready(staffed, operator, "参集")

    assert 404 == desk_of_sender.get(pages.address(ready)).status_code


def test_names_out_of_the_ordinary_and_an_empty_form_break_nothing(
    staffed: Organization, desk_of_sender: Client, operator: Operator
) -> None:
    town.person(staffed, "髙﨑𠮷" + "長" * 300)
    odd = town.draft(staffed, operator)
    with tenancy.acting_for(staffed.pk):
        empty = drafts.create(staffed, operator, Typed())

    assert "髙﨑𠮷" in pages.show(desk_of_sender, odd)
    assert 302 == desk_of_sender.get(pages.address(empty)).status_code
    assert 409 == desk_of_sender.post(pages.address(empty)).status_code
