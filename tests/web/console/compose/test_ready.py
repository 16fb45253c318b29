"""定型連絡: kept with audience, media and answers; one tap leads to the confirm page (OPS-2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Role, Unit
from denrei.broadcasts.models import Draft, IncidentType
from denrei.broadcasts.typed import Moment, Typed
from tests.web.console.compose.conftest import Desktop, value_of, words
from tests.web.console.conftest import hire

pytestmark = pytest.mark.spec("OPS-2")
READY = "/console/templates/"


def ready(desktop: Desktop) -> Draft:
    """Return the only 定型連絡."""
    with tenancy.acting_for(desktop.city.pk):
        return Draft.objects.templates().get()


def drafts(desktop: Desktop) -> list[Draft]:
    """Return the drafts, the newest last."""
    with tenancy.acting_for(desktop.city.pk):
        return list(Draft.objects.open().order_by("pk"))


def made(desktop: Desktop, client: Client, **changes: object) -> Draft:
    """Make a 定型連絡 anew."""
    form = desktop.form(do="save", name="地震・消防団", **changes)
    response = client.post(f"{READY}new/", form)
    assert (302, READY) == (response.status_code, response["Location"]), words(response)
    return ready(desktop)


def test_it_keeps_everything_but_time_and_sender(desktop: Desktop, sender: Client) -> None:
    typed = Typed.from_json(made(desktop, sender).form)

    assert ((desktop.groups["消防団"],), tuple(desktop.answers)) == (typed.groups, typed.choices)
    assert ("汐見原市全域", "", Moment()) == (typed.place, typed.sender, typed.occurred)


def test_its_preview_is_as_if_it_were_sent_now(desktop: Desktop, sender: Client) -> None:
    page = words(sender.get(f"{READY}{made(desktop, sender).pk}/"))

    assert "発信者：汐見原市" in page
    assert "入力の誤り" not in page


def test_it_is_made_of_what_is_being_composed(desktop: Desktop, sender: Client) -> None:
    response = sender.post("/console/compose/", desktop.form(do="ready", name="地震"), follow=True)

    assert f"{READY}{ready(desktop).pk}/" == response.redirect_chain[-1][0]
    assert "地震" == value_of(response, "name")
    assert 0 == len(drafts(desktop))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "定型連絡の名前を入力してください。"),
        ("𠮷" * 41, "1文字多くなっています。40文字以内に短くしてください。"),
    ],
)
def test_it_needs_a_name(desktop: Desktop, sender: Client, name: str, told: str) -> None:
    page = sender.post(f"{READY}new/", desktop.form(do="save", name=name))

    assert 422 == page.status_code
    assert told in words(page)
    assert "汐見原市全域" == value_of(page, "place")


@pytest.mark.parametrize(("mode", "drill"), [("live", False), ("drill", True)])
def test_one_tap_leads_to_the_confirm_page_with_the_time_of_now_and_the_operator_s_unit(
    desktop: Desktop, sender: Client, mode: str, drill: bool
) -> None:
    template = made(desktop, sender)

    response = sender.post(f"{READY}{template.pk}/use/", {"mode": mode})

    (draft,) = drafts(desktop)
    typed = Typed.from_json(draft.form)
    assert f"/console/drafts/{draft.pk}/confirm/" == response["Location"]
    assert (drill, "汐見原市", True) == (typed.drill, typed.sender, bool(typed.occurred))
    assert template.form == ready(desktop).form


@pytest.mark.spec("OPS-2")
def test_a_second_tap_leads_to_the_draft_of_the_first(desktop: Desktop, sender: Client) -> None:
    template = made(desktop, sender)

    first, second, other = (
        sender.post(f"{READY}{template.pk}/use/", {"mode": mode})["Location"]
        for mode in ("live", "live", "drill")
    )

    assert first == second == other
    assert [True] == [draft.form["drill"] for draft in drafts(desktop)]


def test_a_draft_that_was_changed_is_left_alone(desktop: Desktop, sender: Client) -> None:
    template = made(desktop, sender)
    address = sender.post(f"{READY}{template.pk}/use/", {"mode": "live"})["Location"]
    (draft,) = drafts(desktop)
    form = desktop.form(do="save", place="港", revision=str(draft.revision))
    sender.post(address.removesuffix("confirm/"), form)

    sender.post(f"{READY}{template.pk}/use/", {"mode": "live"})

    assert ["港", "汐見原市全域"] == sorted(
        (draft.form["place"] for draft in drafts(desktop)), reverse=True
    )


def test_it_stays_a_drill(desktop: Desktop, sender: Client) -> None:
    sender.post(f"{READY}new/", desktop.form(do="save", name="訓練", mode="drill"))

    assert ready(desktop).form["drill"] is True


def test_it_is_sent_as_the_operator_s_own_unit(
    desktop: Desktop, first_school: Unit, signed_in: Callable[[Operator], Client]
) -> None:
    teacher = signed_in(hire(desktop.city, "teacher", Role.SENDER, first_school))
    template = made(desktop, teacher)

    teacher.post(f"{READY}{template.pk}/use/", {"mode": "live"})

    assert "第一小学校" == drafts(desktop)[0].form["sender"]


def test_where_something_of_it_is_gone_its_form_says_so(desktop: Desktop, sender: Client) -> None:
    template = made(desktop, sender)
    with tenancy.acting_for(desktop.city.pk):
        IncidentType.objects.filter(name="地震発生").delete()

    page = sender.post(f"{READY}{template.pk}/use/", {"mode": "live"}, follow=True)

    assert f"/console/drafts/{drafts(desktop)[0].pk}/?keep=1&checked=1" == page.redirect_chain[0][0]
    assert "選んだ発生区分は削除されました。" in words(page)
    assert f'value="{desktop.groups["消防団"]}" checked' in page.content.decode()


def test_it_is_changed_and_deleted_after_a_confirmation(desktop: Desktop, sender: Client) -> None:
    template = made(desktop, sender)
    address = f"{READY}{template.pk}/"

    sender.post(address, desktop.form(do="save", name="津波・消防団", revision="1"))
    assert "津波・消防団" in words(sender.get(READY))

    assert "削除すると元に戻せません" in words(sender.post(f"{address}delete/"))
    done = sender.post(f"{address}delete/", {"sure": "1"}, follow=True)
    assert "定型連絡はまだありません" in words(done)


def test_what_is_posted_to_one_that_is_gone_is_kept_on_the_page(
    desktop: Desktop, sender: Client
) -> None:
    address = f"{READY}{made(desktop, sender).pk}/"
    sender.post(f"{address}delete/", {"sure": "1"})

    page = sender.post(address, desktop.form(do="save", name="地震・全員", place="駅"))

    assert (410, "駅", "地震・全員") == (
        page.status_code,
        value_of(page, "place"),
        value_of(page, "name"),
    )
    assert f'action="{READY}new/"' in page.content.decode()


def test_who_saves_over_another_may_keep_both(
    desktop: Desktop, sender: Client, admin: Client
) -> None:
    address = f"{READY}{made(desktop, sender).pk}/"
    form = desktop.form(do="save", revision="1", name="地震・全員")
    admin.post(address, form | {"place": "港"})

    assert 409 == sender.post(address, form | {"place": "駅"}).status_code

    kept = sender.post(address, form | {"place": "駅", "do": "copy"})
    assert READY == kept["Location"]
    with tenancy.acting_for(desktop.city.pk):
        places = [one.form["place"] for one in Draft.objects.templates()]
    assert ["港", "駅"] == places


@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize(("method", "rest"), [("get", ""), ("post", "use/"), ("post", "delete/")])
def test_those_of_another_unit_are_not_found(
    desktop: Desktop,
    first_school: Unit,
    second_school: Unit,
    signed_in: Callable[[Operator], Client],
    method: str,
    rest: str,
) -> None:
    template = made(desktop, signed_in(hire(desktop.city, "first", Role.SENDER, first_school)))
    second = signed_in(hire(desktop.city, "second", Role.SENDER, second_school))

    assert 404 == getattr(second, method)(f"{READY}{template.pk}/{rest}").status_code
    assert "定型連絡はまだありません" in words(second.get(READY))
