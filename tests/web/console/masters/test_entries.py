"""Adding and changing entries, the same in each list."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.http import HttpResponse
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.labels import Label
from denrei.accounts.models import Organization
from denrei.broadcasts.models import IncidentType
from tests.web.console.masters.conftest import List, acts, the_list

Said = Callable[[HttpResponse], str]


@pytest.mark.spec("MSG-1")
def test_an_entry_is_added_at_its_place(a_list: List, admin: Client, said: Said) -> None:
    page = said(admin.post(a_list.address("new/"), a_list.typed()))

    first = a_list.entries()[0]
    assert ("77", "髙﨑𠮷田", 1) == (first.code, first.name, first.order)
    assert "「髙﨑𠮷田」を追加しました。" in page
    assert acts(a_list.organization)[-1].endswith(".added")


@pytest.mark.spec("MSG-1")
def test_an_entry_is_changed(a_list: List, admin: Client, said: Said) -> None:
    entry = a_list.create("5a")
    place = str(len(a_list.entries()))
    typed = a_list.typed(place=place, **{"initial-place": place})

    page = said(admin.post(a_list.of(entry), typed))

    stored = next(one for one in a_list.entries() if one.pk == entry.pk)
    assert ("77", "髙﨑𠮷田", 50) == (stored.code, stored.name, stored.order)
    assert "「髙﨑𠮷田」を変更しました。" in page
    assert acts(a_list.organization)[-1].endswith(".changed")


@pytest.mark.spec("MSG-1")
def test_what_a_list_has_beside_code_and_name_is_kept(city: Organization, admin: Client) -> None:
    for label in (Label.INCIDENTS, Label.ANSWERS):
        there = the_list(label, city)
        admin.post(there.address("new/"), there.typed())

    incident = the_list(Label.INCIDENTS, city).entries()[0]
    answer = the_list(Label.ANSWERS, city).entries()[0]
    assert ("Flood", 0, 90) == (incident.name_en, incident.priority, incident.give_up_minutes)
    assert ("Flood", True) == (answer.name_en, answer.needs_help)


@pytest.mark.spec("MSG-1")
@pytest.mark.parametrize("page", ["new/", ""])
def test_a_code_is_given_once(a_list: List, admin: Client, page: str) -> None:
    a_list.create("77", "先客")
    address = a_list.address(page) if page else a_list.of(a_list.create("78"))
    before = len(a_list.entries())

    response = admin.post(address, a_list.typed())

    text = response.content.decode()
    assert (HTTPStatus.UNPROCESSABLE_ENTITY, before) == (
        response.status_code,
        len(a_list.entries()),
    )
    assert "コード「77」は「先客」が使っています。別のコードを入力してください。" in text
    assert 'value="髙﨑𠮷田"' in text


WRONG = [
    ({"name": ""}, "名称を入力してください。"),
    ({"name": "　"}, "名称を入力してください。"),
    ({"name": "𠮷" * 41}, "1文字多くなっています。40文字以内に短くしてください。"),
    ({"code": ""}, "コードを入力してください。"),
    ({"code": "1" * 21}, "1文字多くなっています。20文字以内に短くしてください。"),
    ({"place": ""}, "並べる位置を入力してください。"),
    ({"place": "0"}, "1以上の数を入力してください。"),
    ({"place": "上"}, "半角の数字で入力してください。"),
]
WRONG_INCIDENTS = [
    ({"give_up_minutes": "0"}, "1以上の数を入力してください。"),
    ({"give_up_minutes": "20161"}, "20160以下の数を入力してください。"),
    ({"give_up_minutes": "１時間"}, "半角の数字で入力してください。"),
    ({"priority": "3"}, "一覧から選び直してください。"),
    ({"priority": ""}, "送る順番を選んでください。"),
    ({"name_en": "x" * 41}, "1文字多くなっています。"),
]


@pytest.mark.spec("MSG-1")
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(a_list: List, admin: Client) -> None:
    before = len(a_list.entries())

    for typed, words in WRONG + (WRONG_INCIDENTS if a_list.label is Label.INCIDENTS else []):
        sent = a_list.typed(**typed)
        response = admin.post(a_list.address("new/"), sent)

        text = response.content.decode()
        assert (HTTPStatus.UNPROCESSABLE_ENTITY, True, True) == (
            response.status_code,
            words in text,
            all(sent[name] in text for name in ("code", "name")),
        ), typed
    assert before == len(a_list.entries())


def test_an_empty_form_is_answered_with_what_is_missing(a_list: List, admin: Client) -> None:
    response = admin.post(a_list.address("new/"))

    assert HTTPStatus.UNPROCESSABLE_ENTITY == response.status_code
    assert "名称を入力してください。" in response.content.decode()


def test_full_width_codes_and_numbers_are_taken_for_what_they_mean(
    groups: List, admin: Client
) -> None:
    admin.post(groups.address("new/"), groups.typed(code="Ｇ０１", place="１"))

    assert ["G01"] == [entry.code for entry in groups.entries()]


def test_a_name_is_cleaned_of_what_nobody_sees(groups: List, admin: Client) -> None:
    admin.post(groups.address("new/"), groups.typed(name=" 総\u200b務\t部\n"))

    assert ["総務 部"] == [entry.name for entry in groups.entries()]


def test_a_place_beyond_the_end_is_the_end(groups: List, admin: Client) -> None:
    groups.create("1")

    admin.post(groups.address("new/"), groups.typed(place="9" * 30))

    assert ["1", "77"] == [entry.code for entry in groups.entries()]


def test_a_place_that_somebody_else_gave_meanwhile_stays(groups: List, admin: Client) -> None:
    entry = groups.create("1", order=2)
    groups.create("2", order=1)

    admin.post(groups.of(entry), groups.typed(code="1", place="1", **{"initial-place": "1"}))

    assert ["2", "1"] == [one.code for one in groups.entries()]


def test_the_next_code_and_the_last_place_are_proposed(groups: List, admin: Client) -> None:
    groups.create("G07")

    text = admin.get(groups.address("new/")).content.decode()

    assert 'value="G08"' in text
    assert 'name="place" value="2"' in text


def test_the_lowest_free_key_is_proposed_for_an_answer(city: Organization, admin: Client) -> None:
    answers = the_list(Label.ANSWERS, city)
    with tenancy.acting_for(city.pk):
        answers.entries()[1].delete()

    assert 'value="2"' in admin.get(answers.address("new/")).content.decode()


def test_a_name_that_another_entry_has_is_allowed_and_pointed_out(
    groups: List, admin: Client, said: Said
) -> None:
    groups.create("1", "１年")

    page = said(admin.post(groups.address("new/"), groups.typed(name="1年")))

    assert 2 == len(groups.entries())
    assert "「1年」と同じ名称が、ほかにもあります。" in page


def test_a_form_of_a_list_shows_no_field_of_another(groups: List, admin: Client) -> None:
    text = admin.get(groups.address("new/")).content.decode()

    assert [] == [
        name
        for name in ("name_en", "priority", "give_up_minutes", "needs_help", "sent_by")
        if f'name="{name}"' in text
    ]


def test_without_incident_types_nothing_can_be_added_under_them(
    city: Organization, admin: Client
) -> None:
    with tenancy.acting_for(city.pk):
        IncidentType.objects.all().delete()

    admin.post("/console/masters/situations/order/", {"up": "1"})
    admin.get("/console/masters/situations/csv/")
    response = admin.get("/console/masters/situations/new/")

    assert "/console/masters/situations/" == response.headers["Location"]
    page = admin.get("/console/masters/situations/").content.decode()
    assert "先に発生区分を登録してください。" in page
