"""A broadcast from a file: what it may say, in which form, and what is left out."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.audience.selection import Selection
from denrei.broadcasts.models import IncidentType, Priority
from denrei.deliveries.launch import Step, launch
from denrei.domain.states import Medium
from denrei.project.broadcast_file import read
from tests.project.broadcast_file.written import LEAST, NOW, File

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parents[3] / "docs" / "howto" / "write-a-broadcast-file.md"
TOKYO = timezone(timedelta(hours=9))


def test_the_least_that_a_file_says(city: Organization, file: File) -> None:
    order = file.order(city, LEAST)

    assert ("地震発生", "Earthquake") == (order.content.incident.ja, order.content.incident.en)
    assert ("防災課", "伝令市") == (order.content.signed, order.content.organization)
    assert ("伝令市役所", "kiki@example.jp") == (
        order.content.sender.name,
        order.content.sender.reply_to,
    )
    assert 4 == len(order.content.choices)
    assert (True, False) == (order.content.confirm, order.content.drill)
    assert (Selection(everybody=True), (Step(medium=Medium.MAIL),)) == (
        order.selection,
        order.steps,
    )
    assert NOW.replace(second=0) == order.content.occurred_at
    assert NOW + timedelta(days=1) == order.give_up_at


def test_toml_and_json_say_the_same(city: Organization, file: File, tmp_path: Path) -> None:
    toml = tmp_path / "broadcast.toml"
    toml.write_bytes(
        '\ufeffincident = "地震発生"\r\nsender = "防災課"\r\n[audience]\r\neverybody = true'.encode()
    )

    from_toml, from_json = read(city, toml, NOW), file.order(city, LEAST)

    assert from_json.content == from_toml.content
    assert from_json.selection == from_toml.selection


def test_the_example_of_the_page_can_be_sent(city: Organization, tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    path = tmp_path / "kunren.toml"
    path.write_text(blocks[0], encoding="utf-8")

    order = read(city, path, NOW)

    assert "2026-09-01 総合防災訓練" == order.key
    assert datetime(2026, 9, 1, 9, 0, tzinfo=TOKYO) == order.content.occurred_at
    assert order.content.drill
    assert {"key", "drill", "incident"} < tomllib.loads(blocks[0]).keys()


def test_priority_and_time_to_give_up_are_the_incident_type_s(
    city: Organization, file: File
) -> None:
    with tenancy.acting_for(city.pk):
        IncidentType.objects.filter(name="避難情報").update(give_up_minutes=90)

    order = file.order(city, LEAST | {"incident": "避難情報"})

    assert (Priority.EVACUATION, NOW + timedelta(minutes=90)) == (order.priority, order.give_up_at)


@pytest.mark.parametrize("named", ["地震発生", "1"])
def test_a_name_or_a_code_names_the_same(city: Organization, file: File, named: str) -> None:
    order = file.order(city, LEAST | {"incident": named, "situation": "2", "answers": ["無事です"]})

    assert ("地震発生", "津波のおそれあり", ["1"]) == (
        order.content.incident.ja,
        order.content.situation.ja,
        [choice.code for choice in order.content.choices],
    )


@pytest.mark.spec("OPS-6", "SCH-1")
def test_a_unit_may_be_the_sender(city: Organization, file: File) -> None:
    sender = file.order(city, LEAST | {"unit": "中央小学校"}).content.sender

    assert ("chuo@example.jp", "kiki@example.jp") == (sender.address, sender.reply_to)


def test_what_nobody_sees_is_taken_out_of_texts(city: Organization, file: File) -> None:
    order = file.order(
        city,
        LEAST
        | {
            "place": "\u202e市内\x00\n全域 ",
            "situation_note": "一行目\r\n二行目",
            "sender": "課\ud800長",
        },
    )

    assert ("市内 全域", "一行目\n二行目", "課長") == (
        order.content.place,
        order.content.situation_note,
        order.content.signed,
    )


def test_answers_that_are_empty_ask_nothing(city: Organization, file: File) -> None:
    asked, silent = (
        file.order(city, LEAST | {"answers": []} | change).content
        for change in ({}, {"confirm": False})
    )

    assert ((), True) == (asked.choices, asked.has_page)
    assert ((), False) == (silent.choices, silent.has_page)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("2026-09-01T09:00:00+09:00", (2026, 9, 1, 0, 0), id="with a zone"),
        pytest.param("2026-09-01T00:00:00Z", (2026, 9, 1, 0, 0), id="UTC"),
        pytest.param("2026-09-01T09:00", (2026, 9, 1, 0, 0), id="the organization's own time"),
        pytest.param("2026-09-01 09:00", (2026, 9, 1, 0, 0), id="with a space"),
    ],
)
def test_when_it_happened_takes_any_form_of_a_time(
    city: Organization, file: File, given: str, expected: tuple[int, int, int, int, int]
) -> None:
    order = file.order(city, LEAST | {"occurred_at": given})

    assert datetime(*expected, tzinfo=UTC) == order.content.occurred_at


@pytest.mark.parametrize("given", ["2026-09-01T09:00:00+09:00", "2026-09-01T09:00:00"])
def test_toml_has_times_of_its_own(city: Organization, tmp_path: Path, given: str) -> None:
    path = tmp_path / "broadcast.toml"
    path.write_text(
        f'incident = "1"\nsender = "課"\noccurred_at = {given}\naudience.everybody = true',
        encoding="utf-8",
    )

    assert datetime(2026, 9, 1, tzinfo=UTC) == read(city, path, NOW).content.occurred_at


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(["mail"], [(Medium.MAIL, 0)], id="mail"),
        pytest.param(
            ["app", "mail", {"medium": "phone", "after_minutes": 10}],
            [(Medium.APP, 0), (Medium.MAIL, 0), (Medium.PHONE, 600)],
            id="one after the other",
        ),
        pytest.param([{"medium": "sms"}], [(Medium.SMS, 0)], id="at once"),
    ],
)
@pytest.mark.spec("EMC-3")
def test_media_are_steps_in_order(
    city: Organization, file: File, given: list[Any], expected: list[tuple[Medium, int]]
) -> None:
    order = file.order(city, LEAST | {"media": given})

    assert expected == [(step.medium, step.after_seconds) for step in order.steps]


@pytest.mark.spec("ALL-1")
def test_the_same_file_twice_is_one_broadcast_also_later(city: Organization, file: File) -> None:
    first = launch(city, file.order(city, LEAST))
    again = launch(city, file.order(city, LEAST, NOW + timedelta(hours=3)))

    assert (True, False) == (first.created, again.created)
    assert first.broadcast_id == again.broadcast_id


def test_another_word_is_another_broadcast_unless_a_key_is_given(
    city: Organization, file: File
) -> None:
    keys = {
        file.order(city, LEAST | change).key
        for change in ({}, {"place": "市内"}, {"key": "訓練1"}, {"key": "訓練1", "place": "市内"})
    }

    assert 3 == len(keys)
