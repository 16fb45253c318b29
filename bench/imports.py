"""An import of 100,000 people through its own process: looked at, written, again, undone; as CSV and as a workbook."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from bench.rows import Bench, Reading, Row, Scale
from denrei.domain import workbooks
from tools import ground

_KINDS = ("CSV", "workbook")
_STEPS = (
    "looked at, all new",
    "written, all new",
    "looked at again, all unchanged",
    "looked at, a tenth changed",
    "written, a tenth changed",
    "a tenth undone",
)
_ROWS = tuple(
    Row(name=name, unit="rows/s")
    for name in (*(f"{kind}: {step}" for kind in _KINDS for step in _STEPS), "CSV: all undone")
)
_HEADING = (
    "利用者コード",
    "氏名",
    "ふりがな",
    "連絡グループ",
    "役職",
    "状態",
    "メールアドレス1",
    "携帯（SMS）1",
    "世帯コード",
    "児童名1",
)
_PIECE = 1_000


def _measure(scale: Scale) -> Iterator[Reading]:
    """In one organization for each kind of file; rows a second by the clock, peak memory of the process beside."""
    people = scale.of(100_000, 1_000)
    with ground.ground("app") as where:
        for kind in _KINDS:
            where.people(0)
            yield from _steps(where, kind, people)


def _steps(where: ground.Ground, kind: str, people: int) -> Iterator[Reading]:
    whole, changed = _file(kind, people, ""), _file(kind, people, "改")

    def read(step: str, took: tuple[float, float]) -> Reading:
        seconds, memory = took
        more = {"seconds": seconds, "memory_mb": memory}
        return Reading(row=f"{kind}: {step}", value=people / seconds, people=people, more=more)

    first = _received(where, whole)
    yield read(_STEPS[0], _worked(where, first))
    yield read(_STEPS[1], _ordered(where, first))
    yield read(_STEPS[2], _worked(where, _received(where, whole)))
    second = _received(where, changed)
    yield read(_STEPS[3], _worked(where, second))
    yield read(_STEPS[4], _ordered(where, second))
    yield read(_STEPS[5], _undone(where, second))
    if kind == "CSV":  # those whom the second one changed stay: they were changed since
        yield read("all undone", _undone(where, first))


def _file(kind: str, people: int, mark: str) -> bytes:
    rows = [_HEADING, *(_row(number, mark) for number in range(people))]
    if kind == "CSV":
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode("utf-8-sig")
    return b"".join(workbooks.written(rows[at : at + _PIECE] for at in range(0, len(rows), _PIECE)))


def _row(number: int, mark: str) -> Sequence[str]:
    return (
        f"A{number:07}",
        f"見本 花子{number}{mark if number % 10 == 0 else ''}",
        f"みほん はなこ{number}",
        f"第{number % 60}自治会",
        "班長" if number % 20 == 0 else "",
        "在籍",
        f"u{number}@city.example.jp",
        f"090-{1_234 + number // 10_000}-{number % 10_000:04}",
        f"H{number // 3}",
        f"見本 太郎{number}" if number % 3 == 0 else "",
    )


def _received(where: ground.Ground, file: bytes) -> int:
    from denrei.accounts import tenancy
    from denrei.accounts.models import Operator
    from denrei.directory.intake import receiving

    organization = where.organization
    with tenancy.acting_for(organization.pk):
        operator, _ = Operator.objects.get_or_create(
            organization=organization, login="bench", defaults={"name": "計測", "role": "admin"}
        )
    one = receiving.receive(organization, operator, io.BytesIO(file), "meibo", create_missing=True)
    return one.pk


def _ordered(where: ground.Ground, pk: int) -> tuple[float, float]:
    from denrei.directory.intake import deciding

    one = _present(where, pk)
    assert one.actor is not None
    deciding.order(one, one.actor, run=one.run)
    return _worked(where, pk)


def _undone(where: ground.Ground, pk: int) -> tuple[float, float]:
    from django.utils import timezone

    from denrei.directory.intake import deciding

    one = _present(where, pk)
    assert one.actor is not None
    deciding.undo(one, one.actor, run=one.run, now=timezone.now())
    return _worked(where, pk)


def _present(where: ground.Ground, pk: int) -> Any:
    from denrei.accounts import tenancy
    from denrei.directory.intake.models import PeopleImport

    with tenancy.acting_for(where.organization.pk):
        return PeopleImport.objects.select_related("actor").get(pk=pk)


def _worked(where: ground.Ground, pk: int) -> tuple[float, float]:
    """Do the next piece of work as the worker does; return seconds and MB at the most."""
    one = _present(where, pk)
    work = (str(where.organization.pk), str(pk), str(one.run))
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "denrei.directory.intake", *work])
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, status
    after = _present(where, pk)
    assert after.state in {"examined", "applied", "undone"}, (after.state, after.fault)
    print(after.state, after.counts, after.undone, file=sys.stderr)
    return time.perf_counter() - began, used.ru_maxrss / 1024


BENCH = Bench(name="imports", rows=_ROWS, measure=_measure, patience=1_800.0)
