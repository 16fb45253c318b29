"""The list of those who can't be reached, and its file."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from denrei.accounts.models import Organization
from denrei.broadcasts.models import Draft
from tests.web.console import town

pytestmark = pytest.mark.spec("NEW-6")


def rows(client: Client, draft: Draft) -> list[list[str]]:
    """Return the file as a spreadsheet reads it."""
    response = client.get(f"/console/drafts/{draft.pk}/unreachable.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_list_goes_on_page_by_page(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    for number in range(105):
        town.person(staffed, f"届かない{number:03}")
    address = f"/console/drafts/{draft.pk}/unreachable/"

    first = desk_of_sender.get(address)
    last = first.context["last"]
    second = desk_of_sender.get(address, {"kana": last.kana, "after": last.id})

    assert 100 == len(first.context["people"])
    assert ["届かない100", "届かない104"] == [
        second.context["people"][number].person.name for number in (0, -1)
    ]
    assert second.context["last"] is None


def test_nobody_is_missing_where_all_are_reached(desk_of_sender: Client, draft: Draft) -> None:
    page = desk_of_sender.get(f"/console/drafts/{draft.pk}/unreachable/").content.decode()

    assert "届かない人はいません" in page


def test_the_file_has_everybody_with_the_reason(
    staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    town.person(staffed, "髙﨑 𠮷子", code="12")
    town.person(staffed, "=SUM(A1)")

    assert [
        ["番号", "氏名", "よみ", "所属", "届かない理由"],
        ["", "'=SUM(A1)", "'=SUM(A1)", "", "連絡先が1つもない"],
        ["12", "髙﨑 𠮷子", "髙﨑 𠮷子", "", "連絡先が1つもない"],
    ] == rows(desk_of_sender, draft)


@pytest.mark.parametrize("query", ["after=x", "after=9" + "9" * 30, "kana=%00&after=1"])
def test_nonsense_in_the_address_shows_a_page(
    desk_of_sender: Client, draft: Draft, query: str
) -> None:
    response = desk_of_sender.get(f"/console/drafts/{draft.pk}/unreachable/?{query}")

    assert 200 == response.status_code
