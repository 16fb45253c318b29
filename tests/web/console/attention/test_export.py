"""The cases as a file for spreadsheets."""

from __future__ import annotations

import csv

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Organization, Role, Unit
from denrei.domain.status import Status
from tests.web.console.attention.conftest import Begin
from tests.web.console.conftest import browser, hire

pytestmark = pytest.mark.spec("EMC-7")


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    """Return the rows of the file."""
    response = client.get(f"/console/attention/export.csv{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_the_file_has_the_cases_of_the_present_filter(sender: Client, begin: Begin) -> None:
    begin("甲", "other@example.jp", status=Status.KNOWN_BAD, times=3)
    begin("乙")

    (row,) = rows(sender, "?status=known-bad")

    told = ("氏名", "連絡先の種類", "連絡先", "状態", "理由", "回数", "対応", "ほかに使える連絡先")
    assert [row[name] for name in told] == [
        "甲",
        "メール1",
        "甲@example.jp",
        "エラーアドレス",
        "宛先のアドレスは存在しません。",
        "3",
        "未対応",
        "other@example.jp",
    ]
    assert {one["氏名"] for one in rows(sender)} == {"甲", "乙"}


def test_no_cell_is_a_formula(sender: Client, begin: Begin) -> None:
    begin("=1+1", address="x@example.jp")

    assert [row["氏名"] for row in rows(sender)] == ["'=1+1"]


@pytest.mark.spec("ALL-5")
def test_the_file_of_a_unit_has_its_people_only(
    city: Organization, begin: Begin, first_school: Unit
) -> None:
    begin("本庁の人")
    begin("生徒", unit=first_school)
    teacher = browser(city, hire(city, "teacher", Role.SENDER, first_school))

    assert [row["氏名"] for row in rows(teacher)] == ["生徒"]


@pytest.mark.spec("ALL-3")
def test_the_trail_says_that_the_file_went_out(
    sender: Client, city: Organization, begin: Begin
) -> None:
    begin("甲")

    rows(sender, "?sort=new")

    with tenancy.acting_for(city.pk):
        entry = AuditEntry.objects.get(action="attention.exported")
    assert entry.after == {"filter": "sort=new", "rows": 1}
