"""The address book as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from denrei.directory import exporting, households, importing, paging
from denrei.directory.contacts import Wanted
from denrei.directory.households import Child
from denrei.directory.importing.fates import Fate, Verdict
from denrei.directory.models import ContactGroup, Household, Position, RecipientState
from denrei.domain import workbooks
from denrei.domain.states import Medium
from tests.web.console.conftest import hire
from tests.web.console.people.conftest import Register, mail

EXPORT = "/console/people/export"


def downloaded(client: Client, query: str = "", kind: str = "csv") -> bytes:
    response: Any = client.get(f"{EXPORT}.{kind}{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def family(city: Organization, first_school: Unit, register: Register) -> None:
    """A family with everything that a file can say."""
    with tenancy.acting_for(city.pk):
        group = ContactGroup.objects.create(organization=city, code="g1", name="1年")
        position = Position.objects.create(organization=city, code="p1", name="班長")
    number = "+819012345678"
    register(
        "髙﨑 𠮷子",
        kana="たかさき よしこ",
        code="0012",
        unit=first_school,
        household="H-1",
        groups=frozenset({group.pk}),
        positions=frozenset({position.pk}),
        contacts=(
            mail("a@example.jp", confirmed=True),
            mail("+plus@example.jp", 3, receives=False),
            Wanted(medium=Medium.SMS, address=number, key=number, slot=1),
            Wanted(medium=Medium.PHONE, address="+81466221234", key="+81466221234", slot=2),
        ),
    )
    register("退会 した人", kana="ん", code="0013", state=RecipientState.LEFT, language="en")
    with tenancy.acting_for(city.pk):
        clerk = Operator.objects.get(login="clerk")
        child = Child(id=None, name="髙﨑 一郎", kana="たかさき いちろう", class_name="3年2組")
        households.set_children(clerk, Household.objects.get(), [child])


@pytest.mark.spec("MSG-5")
def test_the_file_has_the_columns_of_an_import(sender: Client, family: None) -> None:
    content = downloaded(sender)

    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = rows(content)
    said = {title: cell for title, cell in row.items() if cell}
    assert said == {
        "利用者コード": "0012",
        "氏名": "髙﨑 𠮷子",
        "ふりがな": "たかさき よしこ",
        "所属コード": "S1",
        "所属": "第一小学校",
        "連絡グループ": "g1",
        "役職": "p1",
        "世帯コード": "H-1",
        "言語": "ja",
        "状態": "在籍",
        "メールアドレス1": "a@example.jp",
        "受信する1": "○",
        "メールアドレス3": "'+plus@example.jp",
        "受信する3": "×",
        "携帯（SMS）1": "090-1234-5678",
        "電話番号2": "04-6622-1234",
        "児童名1": "髙﨑 一郎",
        "児童ふりがな1": "たかさき いちろう",
        "児童クラス1": "3年2組",
    }


@pytest.mark.spec("MSG-5")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_that_comes_back_unchanged_changes_nobody(
    sender: Client, city: Organization, family: None, kind: str
) -> None:
    fates: list[Fate] = []

    importing.dry_run(city, io.BytesIO(downloaded(sender, "?state=any", kind)), fates.append)

    assert [(fate.code, fate.verdict, fate.reasons) for fate in fates] == [
        ("0012", Verdict.UNCHANGED, ()),
        ("0013", Verdict.UNCHANGED, ()),
    ]


@pytest.mark.spec("MSG-5", "ALL-3")
def test_the_filter_holds_and_the_trail_tells(
    sender: Client, city: Organization, family: None
) -> None:
    names = [row["氏名"] for row in rows(downloaded(sender, "?state=left"))]

    assert names == ["退会 した人"]
    with tenancy.acting_for(city.pk):
        entry = AuditEntry.objects.get(action="people.exported")
        assert (entry.actor_name, entry.after) == (
            "senderさん",
            {"filter": "state=left", "people": "1"},
        )


@pytest.mark.spec("MSG-5")
def test_a_long_list_is_read_in_pieces(
    sender: Client, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    for number in range(5):
        register(f"仮名 {number}", kana=f"{number}", contacts=(mail(f"a{number}@example.jp"),))

    found = rows(downloaded(sender))

    assert [(row["氏名"], row["メールアドレス1"]) for row in found] == [
        (f"仮名 {number}", f"a{number}@example.jp") for number in range(5)
    ]


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_takes_out_his_own_people(
    city: Organization,
    first_school: Unit,
    second_school: Unit,
    register: Register,
    signed_in: Callable[[Operator], Client],
) -> None:
    register("本校", unit=first_school)
    register("他校", unit=second_school)
    teacher = signed_in(hire(city, "t", Role.SENDER, first_school))

    assert [row["氏名"] for row in rows(downloaded(teacher))] == ["本校"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('denrei.organization', true), '')")
        assert cursor.fetchone()[0] == ""


@pytest.mark.spec("MSG-5")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["'=2", "見本_x0041_", '見本 "<&>"'])
def test_an_odd_name_comes_back_as_it_was(
    sender: Client, city: Organization, register: Register, name: str, kind: str
) -> None:
    register(name, code="0014", contacts=(mail("-minus@example.jp"),))
    fates: list[Fate] = []

    importing.dry_run(city, io.BytesIO(downloaded(sender, "", kind)), fates.append)

    assert [(fate.name, fate.verdict, fate.reasons) for fate in fates] == [
        (name, Verdict.UNCHANGED, ())
    ]


@pytest.mark.spec("MSG-5", "ALL-3")
def test_a_workbook_holds_the_same_as_the_csv(
    sender: Client, city: Organization, family: None
) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(sender, kind="xlsx"))).worksheets[0]
    lines = [[cell or "" for cell in line] for line in sheet.iter_rows(values_only=True)]
    (row,) = rows(downloaded(sender))

    assert lines[0] == list(row)
    assert lines[1] == list(row.values())
    with tenancy.acting_for(city.pk):
        assert AuditEntry.objects.filter(action="people.exported").count() == 2


def test_more_than_a_sheet_holds_is_refused_in_words(
    sender: Client, family: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 1)
    monkeypatch.setattr(paging, "COUNTED", 0)

    told = sender.get(f"{EXPORT}.xlsx?state=any", follow=True)

    assert "CSVで書き出すか、条件で絞り込んでください。" in told.content.decode()


@pytest.mark.parametrize(("most", "is_told"), [(1 << 20, False), (1_000, True)])
def test_what_an_archive_has_no_room_for_is_refused_before_it_begins(
    sender: Client, family: None, monkeypatch: pytest.MonkeyPatch, most: int, is_told: bool
) -> None:
    monkeypatch.setattr(workbooks, "SAFE_ROWS", 0)
    monkeypatch.setattr(workbooks, "MOST_BYTES", most)
    monkeypatch.setattr(paging, "COUNTED", 0)

    told = sender.get(f"{EXPORT}.xlsx?state=any", follow=True)

    assert told.streaming is not is_told
    assert is_told is ("入りきりません。" in told.getvalue().decode(errors="replace"))
