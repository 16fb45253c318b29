"""What an organization calls its lists."""

from __future__ import annotations

import pytest

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
