"""The words that a new organization begins with are whole, and in both languages."""

from __future__ import annotations

from collections import Counter

import pytest

from denrei.accounts import organizations, tenancy
from denrei.broadcasts import presets
from denrei.broadcasts.models import (
    AnswerChoice,
    IncidentType,
    Instruction,
    Priority,
    Situation,
)
from denrei.broadcasts.presets import furnish

pytestmark = pytest.mark.django_db


@pytest.mark.spec("MSG-1")
def test_an_organization_is_furnished_with_words_under_each_incident() -> None:
    made = organizations.create("city", "伝令市")

    furnish(made)

    with tenancy.acting_for(made.pk):
        incidents = list(IncidentType.objects.all())
        earthquake = incidents[0]
        answers = list(AnswerChoice.objects.values_list("code", "name", "needs_help"))
        assert all(one.situations.exists() and one.instructions.exists() for one in incidents)
    assert [incident.words[0] for incident in presets.INCIDENTS] == [one.name for one in incidents]
    assert ("1", "地震発生", "Earthquake", 1440) == (
        earthquake.code,
        earthquake.name,
        earthquake.name_en,
        earthquake.give_up_minutes,
    )
    assert ("1", "無事です", False) == answers[0]
    assert ["2", "3"] == [code for code, _, needs_help in answers if needs_help]


def test_an_evacuation_goes_before_all_and_news_after_all() -> None:
    made = organizations.create("city", "伝令市")
    furnish(made)

    with tenancy.acting_for(made.pk):
        priorities = dict(IncidentType.objects.values_list("name", "priority"))

    assert (Priority.EVACUATION, Priority.EMERGENCY, Priority.ROUTINE) == (
        priorities["避難情報"],
        priorities["地震発生"],
        priorities["お知らせ"],
    )


@pytest.mark.spec("ALL-6")
def test_every_word_has_an_english_one_and_a_code_of_its_own() -> None:
    made = organizations.create("city", "伝令市")
    furnish(made)

    with tenancy.acting_for(made.pk):
        for table in (IncidentType, Situation, Instruction, AnswerChoice):
            assert [] == list(table.objects.filter(name_en="").values_list("name", flat=True))
        codes = Counter(AnswerChoice.objects.values_list("code", flat=True))
    assert {1} == set(codes.values())


@pytest.mark.spec("ALL-5")
def test_two_organizations_have_words_of_their_own() -> None:
    one, other = (organizations.create(slug, slug) for slug in ("one", "other"))
    furnish(one)

    with tenancy.acting_for(other.pk):
        assert not IncidentType.objects.exists()
