"""Choosing a file: what is no file of people is told in words, and nothing else is lost."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.directory import importing, template
from denrei.directory.importing.columns import COLUMNS
from denrei.directory.importing.fates import Fate, Verdict
from denrei.directory.intake.models import PeopleImport
from denrei.directory.intake.receiving import MAX_BYTES
from tests.directory.importing.books import crafted
from tests.web.console.importing.conftest import IMPORT, Send, text_of, upload


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "")
    return file.getvalue()


LOCKED = b"\xd0\xcf\x11\xe0" + bytes(5_000) + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "ファイルが空です。", id="an empty file"),
        pytest.param(
            b"\x89PNG\r\n\x1a\n", "CSVファイルでもExcelブックでもありません。", id="a picture"
        ),
        pytest.param(LOCKED, "パスワードで保護されたExcelブック", id="a locked workbook"),
        pytest.param(
            b"\xd0\xcf\x11\xe0" + bytes(99), "この形式のブックは読み込めません。", id="xls"
        ),
        pytest.param(zipped("content.xml"), "この形式のブックは読み込めません。", id="ods"),
        pytest.param(b"PK\x03\x04", "Excelブックが壊れている", id="a cut workbook"),
        pytest.param(
            crafted("", {"xl/styles.xml": bytes(65 << 20)}).getvalue(),
            "Excelブックの中身が大きすぎます。",
            id="a bomb",
        ),
        pytest.param(bytes(MAX_BYTES + 1), "ファイルが大きすぎます。50MB以内", id="51 MB"),
        pytest.param("コード,メール\n1,x\n", "見出しに「氏名」の列がありません。", id="no names"),
        pytest.param("氏名,名前\n山田,x\n", "「氏名」と読める列が2つあります。", id="two names"),
    ],
)
def test_what_is_no_file_of_people_is_told_and_the_choice_stays(
    city: Organization, admin: Client, content: str | bytes, words: str
) -> None:
    response = admin.post(IMPORT, {"file": upload(content), "create_missing": "on"})

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert 'name="create_missing" class="' not in page
    assert "checked" in page
    with tenancy.acting_for(city.pk):
        assert not PeopleImport.objects.exists()


def test_without_a_file_one_is_asked_for(admin: Client) -> None:
    response = admin.post(IMPORT, {})

    assert response.status_code == 422
    assert "名簿のファイルを選んでください。" in response.content.decode()


def test_the_page_explains_every_column(admin: Client) -> None:
    page = text_of(admin, IMPORT)

    assert [column.title for column in COLUMNS if column.title not in page] == []


@pytest.mark.spec("MSG-5")
def test_the_example_has_every_column_and_can_be_imported_as_it_is(
    city: Organization, admin: Client
) -> None:
    response = admin.get(f"{IMPORT}template.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    fates: list[Fate] = []
    summary = importing.dry_run(
        city, io.BytesIO(response.content), fates.append, create_missing=True
    )

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert (len(rows), {len(row) for row in rows}) == (3, {len(rows[0])})
    assert len(summary.columns) == len(rows[0])
    assert [(fate.verdict, fate.warnings) for fate in fates] == [(Verdict.NEW, ())] * 2
    assert set().union(*template.EXAMPLES) <= set(rows[0])


@pytest.mark.parametrize("name", ["../../etc/名簿.csv", "名\u202e簿" * 300 + ".csv", "", "=1.csv"])
def test_any_name_of_a_file_will_do(admin: Client, send: Send, name: str) -> None:
    one = send()
    with tenancy.acting_for(one.organization_id):
        PeopleImport.objects.filter(pk=one.pk).update(file_name=name)

    assert admin.get(IMPORT).status_code == 200
    assert admin.get(f"{IMPORT}{one.pk}/").status_code == 200


@pytest.mark.spec("ALL-5")
def test_who_only_reads_imports_nobody(viewer: Client) -> None:
    assert viewer.get(IMPORT).status_code == 403
    assert viewer.post(IMPORT, {"file": upload()}).status_code == 403
    assert viewer.get(f"{IMPORT}template.csv").status_code == 403
