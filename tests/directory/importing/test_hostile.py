"""Any bytes at all: a report or the documented error, and never a row that harms."""

from __future__ import annotations

import contextlib
import io

import pytest
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


def check(organization: Organization, data: bytes) -> None:
    """Run the file dry, then for real."""
    fates: list[Fate] = []
    with contextlib.suppress(ImportFileError):
        importing.dry_run(organization, io.BytesIO(data), fates.append, create_missing=True)
        importing.apply(organization, io.BytesIO(data), create_missing=True)
    for fate in fates:
        assert bool(fate.reasons) == (fate.verdict is Verdict.REFUSED)


bounded = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@bounded
@given(data=st.binary(max_size=300))
def test_any_bytes_give_a_report_or_the_documented_error(school: Organization, data: bytes) -> None:
    check(school, data)


@bounded
@given(data=files())
def test_any_file_of_people_gives_a_report_and_no_formula_is_stored(
    school: Organization, data: bytes
) -> None:
    check(school, data)

    with tenancy.acting_for(school.pk):
        stored = Recipient.objects.values_list("name", "kana", "code")
        assert [cell for row in stored for cell in row if text.is_formula(cell)] == []
