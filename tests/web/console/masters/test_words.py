"""What an organization calls its lists."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.labels import DEFAULTS, Label
from denrei.accounts.models import Organization, Preset
from denrei.web.console.masters.questions import Words
from tests.web.console.masters.conftest import acts

ADDRESS = "/console/masters/words/"
TYPED = {label.value: f"言葉{number}" for number, label in enumerate(Label)}


def stored(city: Organization) -> object:
    with tenancy.acting_for(city.pk):
        city.refresh_from_db()
    return city.settings.get("labels")


def test_the_form_asks_for_each_list() -> None:
    assert [label.value for label in Label] == list(Words().fields)


@pytest.mark.spec("MSG-1")
def test_one_press_takes_over_the_words_of_a_school(city: Organization, admin: Client) -> None:
    response = admin.post(ADDRESS, {"preset": "school"})

    page = admin.get(response.headers["Location"]).content.decode()
    school = DEFAULTS[Preset.SCHOOL]
    assert {*school.values()} == {word for word in school.values() if word in page}
    assert "連絡グループ" not in page
    assert "organization.changed" == acts(city)[-1]


@pytest.mark.spec("MSG-1")
def test_one_press_goes_back_to_the_words_of_a_company(city: Organization, admin: Client) -> None:
    admin.post(ADDRESS, {"preset": "school"})
    admin.post(ADDRESS, {"preset": "company"})

    assert {} == stored(city)


@pytest.mark.spec("MSG-1")
def test_own_words_are_kept(city: Organization, admin: Client) -> None:
    response = admin.post(ADDRESS, TYPED)

    assert HTTPStatus.FOUND == response.status_code
    assert TYPED == stored(city)


@pytest.mark.spec("MSG-1")
def test_words_are_short_not_empty_and_apart(city: Organization, admin: Client) -> None:
    for typed, words in (
        ({"groups": ""}, "連絡グループを入力してください。"),
        ({"groups": "　"}, "連絡グループを入力してください。"),
        ({"groups": "𠮷" * 15}, "1文字多くなっています。14文字以内に短くしてください。"),
        ({"groups": "クラス", "positions": "ｸﾗｽ"}, "ほかの一覧と同じ名称です。"),
    ):
        response = admin.post(ADDRESS, {**TYPED, **typed})

        text = response.content.decode()
        assert (HTTPStatus.UNPROCESSABLE_ENTITY, True, True) == (
            response.status_code,
            words in text,
            'value="言葉6"' in text,
        ), typed
    assert stored(city) is None


def test_an_unknown_set_of_words_changes_nothing(city: Organization, admin: Client) -> None:
    response = admin.post(ADDRESS, {"preset": "village"})

    assert (HTTPStatus.UNPROCESSABLE_ENTITY, None) == (response.status_code, stored(city))
