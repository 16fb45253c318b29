"""Any bytes at all: a report or the documented error, and never a row that harms."""

from __future__ import annotations

import contextlib
import io
import itertools
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.directory import importing
from denrei.directory.importing.columns import COLUMNS
from denrei.directory.importing.fates import Fate, Verdict
from denrei.directory.importing.faults import ImportFileError
from denrei.directory.models import Recipient
from denrei.domain import text
from tests.directory.importing.books import book

pytestmark = pytest.mark.django_db

CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "1",
            "山田太郎",
            "=cmd|'/C calc'!A0",
            "+81 90-1234-5678",
            "a..b@docomo.ne.jp",
            "\u202e\u200b\x00",
            "（削除）",
            '"',
            "1年;=1",
            "\r\n",
            "在籍",
        ]
    ),
)
TITLES = [column.title for column in COLUMNS] + ["メールアドレス2", "備考"]


#: Few values, so that rows meet: in the file, and with the people of the file before.
POOLS = {
    "利用者コード": ["", "1", "2", "3"],
    "氏名": ["山田太郎", "山田 太郎", "佐藤"],
    "ふりがな": ["", "やまだ", "（削除）"],
    "所属": ["", "総務課", "教務課", "（削除）"],
    "連絡グループ": ["", "1年", "１年;2年", "（削除）"],
    "世帯コード": ["", "H1", "H2", "（削除）"],
    "メールアドレス1": ["", "a@example.jp", "A@example.jp", "b@example.jp", "（削除）"],
    "メールアドレス2": ["", "a@example.jp", "b@example.jp", "c@example.jp", "（削除）"],
    "受信する2": ["", "○", "×"],
    "電話番号": ["", "09012345678", "+819012345678", "（削除）"],
    "児童名": ["", "花子", "次郎"],
    "児童クラス": ["", "1組", "2組"],
    "状態": ["", "在籍", "退会"],
}


@st.composite
def plain_files(draw: st.DrawFn) -> bytes:
    """Draw a file of people in which nothing is wrong but what the people are."""
    titles = [
        "利用者コード",
        "氏名",
        *draw(st.lists(st.sampled_from(list(POOLS)[2:]), unique=True)),
    ]
    row = st.tuples(*(st.sampled_from(POOLS[title]) for title in titles))
    rows = draw(st.lists(row, min_size=1, max_size=6))
    return "\n".join(",".join(cells) for cells in [titles, *rows]).encode()


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw a file that looks like one of people, with what goes wrong with files."""
    titles = draw(st.lists(st.sampled_from(TITLES), max_size=8, unique=True))
    rows = draw(st.lists(st.lists(CELLS, max_size=9), max_size=6))
    lines = [",".join(cells) for cells in (["氏名", "利用者コード", *titles], *rows)]
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16"]))
    data = newline.join(lines).encode(encoding, errors="replace")
    cut = draw(st.integers(min_value=0, max_value=len(data)))
    return data[:cut] + draw(st.binary(max_size=5)) + data[cut:]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(min_value=date(1900, 3, 1)),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    st.sampled_from(["1", "山田太郎", "=1+1", "#N/A", "_x0000_", "（削除）", "a@example.jp"]),
)


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """Draw a workbook of people with whatever may stand in a cell."""
    titles = draw(st.lists(st.sampled_from(TITLES), max_size=8, unique=True))
    rows = draw(st.lists(st.lists(VALUES, max_size=9), max_size=6))
    return book(["氏名", "利用者コード", *titles], *rows).getvalue()


class _EnoughError(Exception):
    """Ends an example and takes back what it wrote."""


def check(organization: Organization, *files: bytes) -> None:
    """Import the files one after the other; after the first, it has nothing left to do."""
    with contextlib.suppress(ImportFileError, _EnoughError), transaction.atomic():
        for number, data in enumerate(files):
            fates = dry_run(organization, data)
            importing.apply(organization, io.BytesIO(data), create_missing=True)
            check_people(organization)
            again = dry_run(organization, data)
            if number == 0:
                assert [bool(fate.reasons) for fate in fates] == [bool(f.reasons) for f in again]
                assert {fate.verdict for fate in again} <= {Verdict.REFUSED, Verdict.UNCHANGED}
        raise _EnoughError


def dry_run(organization: Organization, data: bytes) -> list[Fate]:
    """Return the fates that a dry run tells; only a refused row has reasons."""
    fates: list[Fate] = []
    importing.dry_run(organization, io.BytesIO(data), fates.append, create_missing=True)
    for fate in fates:
        assert bool(fate.reasons) == (fate.verdict is Verdict.REFUSED)
    return fates


def check_people(organization: Organization) -> None:
    """Nothing that a spreadsheet would run, and nothing invisible, was stored."""
    with tenancy.acting_for(organization.pk):
        for cell in itertools.chain(*Recipient.objects.values_list("name", "kana", "code")):
            assert not text.is_formula(cell)
            assert text.clean(cell).text == cell


bounded = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@bounded
@given(data=st.binary(max_size=300))
def test_any_bytes_give_a_report_or_the_documented_error(school: Organization, data: bytes) -> None:
    check(school, data)


@bounded
@given(data=files())
def test_any_file_of_people_can_be_imported_twice_and_harms_nobody(
    school: Organization, data: bytes
) -> None:
    check(school, data)


@bounded
@given(data=workbooks())
def test_any_workbook_of_people_can_be_imported_twice_and_harms_nobody(
    school: Organization, data: bytes
) -> None:
    check(school, data)


@bounded
@given(first=plain_files(), second=plain_files())
def test_after_an_import_the_same_file_has_nothing_left_to_do(
    school: Organization, first: bytes, second: bytes
) -> None:
    check(school, first, second)
