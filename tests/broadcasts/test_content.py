"""What a broadcast says is kept as it was: through JSON and back nothing changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.broadcasts.content import Choice, Content, Phrase, Sender

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PHRASES = st.builds(Phrase, ja=TEXTS, en=TEXTS)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001 - the bounds of hypothesis are naive
CONTENTS = st.builds(
    Content,
    organization=TEXTS,
    incident=PHRASES,
    occurred_at=MOMENTS,
    time_zone=st.just("Asia/Tokyo"),
    place=TEXTS,
    situation=PHRASES,
    situation_note=TEXTS,
    instruction=PHRASES,
    instruction_note=TEXTS,
    signed=TEXTS,
    choices=st.lists(
        st.builds(Choice, code=TEXTS, words=PHRASES, needs_help=st.booleans()), max_size=4
    ).map(tuple),
    confirm=st.booleans(),
    drill=st.booleans(),
    by_reply=st.booleans(),
    sender=st.builds(Sender, name=TEXTS, address=TEXTS, reply_to=TEXTS),
)


@given(CONTENTS)
def test_it_comes_back_from_json_as_it_was(content: Content) -> None:
    stored = json.dumps(content.to_json(), ensure_ascii=False)

    assert content == Content.from_json(stored)
    assert content == Content.from_json(json.loads(stored))


@given(CONTENTS)
def test_it_is_stored_in_one_way_only(content: Content) -> None:
    assert content.to_json() == Content.from_json(content.to_json()).to_json()


def content(**changes: object) -> Content:
    """Return a content that asks one thing."""
    least: dict[str, object] = {
        "organization": "伝令市",
        "incident": Phrase(ja="地震発生"),
        "occurred_at": datetime(2026, 11, 22, tzinfo=UTC),
        "time_zone": "Asia/Tokyo",
        "signed": "防災課",
        "choices": (Choice(code="1", words=Phrase(ja="無事です")),),
    }
    return Content(**(least | changes))  # type: ignore[arg-type]  # a table of cases


@pytest.mark.spec("SCH-5")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, True, id="asked and confirmed"),
        pytest.param({"choices": ()}, True, id="confirmed only"),
        pytest.param({"confirm": False}, True, id="asked only"),
        pytest.param({"choices": (), "confirm": False}, False, id="neither"),
    ],
)
def test_it_has_a_page_where_anything_is_to_be_done(
    changes: dict[str, object], expected: bool
) -> None:
    assert expected is content(**changes).has_page


def test_a_choice_is_found_by_its_code() -> None:
    assert "無事です" == getattr(content().choice("1"), "words", Phrase()).ja
    assert content().choice("2") is None


@pytest.mark.parametrize(
    ("phrase", "language", "expected"),
    [
        (Phrase(ja="地震", en="Earthquake"), "ja", "地震"),
        (Phrase(ja="地震", en="Earthquake"), "en", "Earthquake"),
        (Phrase(ja="地震"), "en", "地震"),
        (Phrase(), "en", ""),
    ],
)
def test_without_english_the_japanese_stands(phrase: Phrase, language: str, expected: str) -> None:
    assert expected == phrase.in_language(language)


def test_the_version_before_and_the_one_after_share_what_they_know() -> None:
    """A field that says nothing is not written, one that is not known is left alone (ADR 0023)."""
    said = content()

    assert "by_reply" not in said.to_json()
    assert replace(said, by_reply=True).to_json()["by_reply"] is True
    assert Content.from_json({**said.to_json(), "of_a_later_version": 1}) == said
