"""From a file to people, by the queue: examined, looked at, ordered, written; each once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest

from denrei.accounts import tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization
from denrei.directory.importing.fates import Verdict
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.directory.intake import deciding, running
from denrei.directory.intake.deciding import ImportMovedError
from denrei.directory.intake.models import ImportFate, ImportPiece, ImportState, PeopleImport
from denrei.directory.models import Recipient
from tests.deliveries.world import wait_for
from tests.directory.importing.books import book
from tests.directory.intake.conftest import hire, now_of
from tests.directory.intake.queue import do_jobs, run_jobs, waiting_jobs

Receive = Callable[..., PeopleImport]


def people(town: Organization) -> list[str]:
    with tenancy.acting_for(town.pk):
        return list(Recipient.objects.order_by("code").values_list("name", flat=True))


def fates(one: PeopleImport) -> list[ImportFate]:
    with tenancy.acting_for(one.organization_id):
        return list(one.fates.order_by("line"))


def examined(one: PeopleImport) -> PeopleImport:
    do_jobs()
    present = now_of(one)
    assert present.state == ImportState.EXAMINED, present.fault
    return present


@pytest.mark.spec("MSG-5")
def test_a_worker_tells_every_row_s_fate_and_writes_nobody(
    town: Organization, receive: Receive
) -> None:
    one = receive()
    run_jobs()
    one = now_of(one)

    assert (one.state, people(town)) == (ImportState.EXAMINED, [])
    assert (one.counts, one.warned, one.taken, one.rows) == (
        {"new": 2, "changed": 0, "unchanged": 0, "refused": 1},
        0,
        2,
        3,
    )
    assert (one.rows_done, one.rows_expected, one.differing) == (3, 3, 0)
    assert one.findings["unknown"] == ["備考"]
    assert one.findings["created"] == {"連絡グループ": ["1年", "2年"]}
    assert one.findings["columns"][3] == ["メールアドレス", "メールアドレス1"]
    told = fates(one)
    assert [(fate.line, fate.kind, fate.name) for fate in told] == [
        (2, Verdict.NEW, "山田太郎"),
        (3, Verdict.REFUSED, "佐藤"),
        (4, Verdict.NEW, "髙﨑𠮷"),
    ]
    assert told[1].cells == ["2", "佐藤", "1年", "=1", "y"]


@pytest.mark.spec("MSG-5", "ALL-3")
def test_what_was_looked_at_is_written_once_and_the_file_forgotten(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    one = examined(receive())

    deciding.order(one, clerk, run=one.run)
    with pytest.raises(ImportMovedError):
        deciding.order(one, clerk, run=one.run)
    run_jobs()

    done = now_of(one)
    assert (done.state, done.counts, people(town)) == (
        ImportState.APPLIED,
        one.counts,
        ["山田太郎", "髙﨑𠮷"],
    )
    with tenancy.acting_for(town.pk):
        assert not ImportPiece.objects.exists()
        (entry,) = AuditEntry.objects.filter(action="people.imported")
    assert (entry.actor_id, entry.after["digest"]) == (clerk.pk, one.digest)
    assert waiting_jobs() == []


def test_a_worker_that_goes_hands_its_work_back(receive: Receive) -> None:
    one = receive()
    (job,) = waiting_jobs()
    with psycopg.connect(os.environ["DATABASE_URL"]) as somebody:
        somebody.execute("LOCK TABLE contact_group IN ACCESS EXCLUSIVE MODE")  # it has to wait
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "denrei.directory.intake",
                *map(str, (one.organization_id, one.pk, job["run"])),
            ]
        )
        wait_for(lambda: now_of(one).state == ImportState.EXAMINING, 60.0)
        process.terminate()
        code = process.wait(60)

    assert (code, now_of(one).state) == (130, ImportState.WAITING)
    do_jobs()
    assert now_of(one).state == ImportState.EXAMINED


def test_a_job_that_comes_twice_works_once(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    one = examined(receive())
    deciding.order(one, clerk, run=one.run)
    (job,) = waiting_jobs()

    for _ in range(2):
        running.work(job["organization"], job["people_import"], job["run"])

    with tenancy.acting_for(town.pk):
        assert AuditEntry.objects.filter(action="people.imported").count() == 1
    assert now_of(one).state == ImportState.APPLIED


def test_what_changed_since_the_look_stops_the_import_and_is_shown(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    one = examined(receive())
    with tenancy.acting_for(town.pk):
        Recipient.objects.create(organization=town, code="3", name="佐々木")

    deciding.order(one, clerk, run=one.run)
    do_jobs()

    again = now_of(one)
    assert (again.state, again.differing, people(town)) == (ImportState.EXAMINED, 1, ["佐々木"])
    assert [(fate.line, fate.kind, fate.differs) for fate in fates(again)] == [
        (2, Verdict.NEW, False),
        (3, Verdict.REFUSED, False),
        (4, Verdict.CHANGED, True),
    ]
    deciding.order(again, clerk, run=again.run)
    do_jobs()
    assert (now_of(one).state, people(town)) == (ImportState.APPLIED, ["山田太郎", "髙﨑𠮷"])


def test_a_unit_s_operator_touches_nobody_outside_whoever_orders(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    school = units.add(town, "S1", "第一小学校")
    units.add(town, "S2", "第二小学校")
    text = "利用者コード,氏名,所属,メールアドレス\n1,山田,,a@example.jp\n2,佐藤,第二小学校,b@example.jp\n"
    one = examined(receive(text, actor=hire(town, "teacher", school)))

    deciding.order(one, clerk, run=one.run)
    do_jobs()

    assert [fate.kind for fate in fates(one)] == [Verdict.NEW, Verdict.REFUSED]
    with tenancy.acting_for(town.pk):
        assert [person.unit_id for person in Recipient.objects.all()] == [school.pk]


def test_a_file_that_only_a_worker_can_open_is_refused_with_its_reason(receive: Receive) -> None:
    one = receive(book(("名前らしきもの",), ("山田",)).getvalue())
    do_jobs()

    told = now_of(one)
    assert (told.state, told.fault) == (
        ImportState.UNUSABLE,
        "見出しに「氏名」の列がありません。1行目に見出しを付けてください。",
    )
    with tenancy.acting_for(one.organization_id):
        assert not ImportPiece.objects.exists()


def test_a_workbook_goes_the_same_way(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    one = examined(receive(book(("利用者コード", "氏名"), ("1", "山田"), (2, "=1")).getvalue()))
    deciding.order(one, clerk, run=one.run)
    do_jobs()

    assert (one.findings["encoding"], people(town)) == ("xlsx", ["山田"])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(b"", FileFault.EMPTY, id="nothing"),
        pytest.param(b"\x89PNG\r\n\x1a\n", FileFault.BINARY, id="a picture"),
        pytest.param("メール\nx\n", FileFault.MISSING_COLUMN, id="no names"),
        pytest.param(bytes(51 << 20), FileFault.TOO_LARGE, id="51 MB"),
    ],
)
def test_what_can_be_said_at_once_is_said_before_anything_is_stored(
    town: Organization, receive: Receive, content: str | bytes, fault: FileFault
) -> None:
    with pytest.raises(ImportFileError) as refused:
        receive(content)

    assert refused.value.fault is fault
    with tenancy.acting_for(town.pk):
        assert not PeopleImport.objects.exists()
    assert waiting_jobs() == []


def test_odd_cells_of_refused_rows_can_be_stored(receive: Receive) -> None:
    one = examined(receive('氏名,備考\n"a\0b",\n=1,\u202e\0\n'))

    assert [fate.cells for fate in fates(one)] == [["ab", ""], ["=1", "\u202e"]]
