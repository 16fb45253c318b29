"""What an organization calls its lists."""

from __future__ import annotations

import pytest
from django.utils import translation

from denrei.accounts import labels
from denrei.accounts.labels import DEFAULTS, Label
from denrei.accounts.models import Organization, Preset


@pytest.mark.spec("MSG-1")
def test_a_school_says_grade_and_class() -> None:
    words = labels.of(Organization(preset=Preset.SCHOOL))

    assert ["学年", "クラス", "件名区分", "確認区分"] == [
        words[label] for label in (Label.GROUPS, Label.POSITIONS, Label.INCIDENTS, Label.ANSWERS)
    ]


@pytest.mark.spec("MSG-1")
def test_an_organization_stores_the_words_that_its_preset_does_not_say() -> None:
    school = Organization(preset=Preset.SCHOOL)
    wanted = {**DEFAULTS[Preset.SCHOOL], Label.GROUPS: "部活"}

    assert {"groups": "部活"} == labels.own(school, wanted)


@pytest.mark.spec("MSG-1")
def test_own_words_go_before_those_of_the_preset() -> None:
    city = Organization(preset=Preset.CITY, settings={"labels": {"groups": "班"}})

    assert ("班", "役職区分") == (labels.of(city)["groups"], labels.of(city)["positions"])


@pytest.mark.spec("ALL-6")
def test_words_of_a_preset_are_in_the_language_of_the_page() -> None:
    taken_over = {"labels": {"groups": "学年", "answers": "返事"}}
    city = Organization(preset=Preset.CITY, settings=taken_over)

    with translation.override("en"):
        words = labels.of(city)

    assert ["Grades", "Positions", "返事"] == [
        words[label] for label in (Label.GROUPS, Label.POSITIONS, Label.ANSWERS)
    ]


@pytest.mark.spec("ALL-6")
def test_words_kept_from_an_english_page_stay_those_of_the_presets() -> None:
    city = Organization(preset=Preset.CITY, settings={"labels": {"groups": "学年"}})

    with translation.override("en"):
        shown = labels.of(city)
        kept = labels.own(city, {label: shown[label.value] for label in Label})

    assert {"groups": "学年"} == kept
