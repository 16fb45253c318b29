"""The people of a board as a file."""

from __future__ import annotations

import csv
import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Organization
from denrei.domain.states import Grade
from denrei.responses.models import Response
from denrei.web.console.board import download
from tests.web.console import town
from tests.web.console.board.conftest import Town


def rows(client: Client, address: str, **query: str) -> list[dict[str, str]]:
    response: Any = client.get(f"{address}people.csv", query)
    assert response.status_code == 200
    return parsed(response)


def parsed(response: Any) -> list[dict[str, str]]:
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


@pytest.mark.spec("ALL-4", "NEW-4")
def test_the_file_says_of_each_how_he_stands_and_what_he_answered(
    asked: Town, sender: Client
) -> None:
    silent, handed, *_others, hurt = asked.people()
    asked.reached(handed, Grade.HANDED_OVER)
    asked.answers(hurt, asked.well)
    asked.answers(hurt, asked.help, "family")

    found = rows(sender, asked.address)

    assert 5 == len(found)
    assert (silent.name, "不明") == (found[0]["氏名"], found[0]["証拠"])
    assert ("回答", "家族", "ひとこと", "はい") == (
        found[-1]["証拠"],
        found[-1]["回答した人"],
        found[-1]["ひとこと"],
        found[-1]["支援が必要"],
    )
    assert found[-1]["最初の回答"] != found[-1]["最新の回答"]


@pytest.mark.spec("ALL-4")
def test_the_file_has_the_people_of_the_present_filter(asked: Town, sender: Client) -> None:
    hurt = asked.people()[0]
    asked.answers(hurt, asked.help)

    assert [hurt.name] == [row["氏名"] for row in rows(sender, asked.address, state="help")]


def test_the_file_is_written_in_pieces_and_everybody_is_in_it_once(
    asked: Town, sender: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_PIECE", 2)
    for person, grade in zip(asked.people(), (0, 1, 1, 3, 3), strict=True):
        asked.reached(person, Grade(grade))

    assert sorted(person.name for person in asked.people()) == sorted(
        row["氏名"] for row in rows(sender, asked.address)
    )


@pytest.mark.spec("ALL-3")
def test_that_it_was_written_is_in_the_trail(asked: Town, sender: Client) -> None:
    rows(sender, asked.address, state="unknown")

    with tenancy.acting_for(asked.city.pk):
        entry = AuditEntry.objects.get(action="broadcast.people_exported")
    assert {"query": "state=unknown", "people": "5"} == entry.after


def test_a_spreadsheet_runs_nothing_of_it(asked: Town, sender: Client) -> None:
    town.person(asked.city, "=1+1", "f@example.jp")
    later = Town(asked.city, asked.operator)

    assert "'=1+1" in [row["氏名"] for row in rows(sender, later.address)]


def test_who_only_looks_takes_no_file(asked: Town, viewer: Client) -> None:
    assert 403 == viewer.get(f"{asked.address}people.csv").status_code
    assert "people.csv" not in viewer.get(asked.address).content.decode()


def test_the_file_speaks_the_language_and_the_time_of_the_page(asked: Town, sender: Client) -> None:
    with tenancy.acting_for(asked.city.pk):
        Organization.objects.filter(pk=asked.city.pk).update(time_zone="America/New_York")
    asked.answers(asked.people()[0], asked.well)
    sender.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    response: Any = sender.get(f"{asked.address}people.csv")
    found = parsed(response)

    with tenancy.acting_for(asked.city.pk):
        at = Response.objects.get().at.astimezone(ZoneInfo("America/New_York"))
    assert f"{at:%Y-%m-%d %H:%M}" in str(found)
    assert "Name" in found[0]
