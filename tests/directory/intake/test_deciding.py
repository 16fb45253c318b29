"""Ending an import, and beginning a dead piece of work anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.directory.intake import deciding, expiring, running
from denrei.directory.intake.beating import LostError
from denrei.directory.intake.deciding import ImportMovedError
from denrei.directory.intake.models import (
    KEPT,
    LOST,
    SILENCE,
    ImportPiece,
    ImportState,
    PeopleImport,
)
from denrei.directory.models import Recipient
from tests.directory.intake.conftest import now_of
from tests.directory.intake.queue import do_jobs, waiting_jobs

Receive = Callable[..., PeopleImport]


def change(one: PeopleImport, **values: object) -> None:
    """Put an import where a worker that died would have left it."""
    with tenancy.acting_for(one.organization_id):
        PeopleImport.objects.filter(pk=one.pk).update(**values)


def pieces_of(one: PeopleImport) -> int:
    with tenancy.acting_for(one.organization_id):
        return ImportPiece.objects.filter(people_import=one).count()


def test_a_cancelled_import_is_not_examined_and_its_file_is_forgotten(receive: Receive) -> None:
    one = receive()

    deciding.cancel(one)
    do_jobs()

    assert (now_of(one).state, pieces_of(one)) == (ImportState.CANCELLED, 0)
    with pytest.raises(ImportMovedError):
        deciding.cancel(one)


def test_what_is_cancelled_while_it_is_examined_leaves_no_fates(receive: Receive) -> None:
    one = receive()
    begun = running._begin(one.organization_id, one.pk, one.run)
    assert begun is not None
    deciding.cancel(one)

    with pytest.raises(LostError):
        running._set(begun, state=ImportState.EXAMINED)

    assert now_of(one).state == ImportState.CANCELLED


def test_what_is_being_written_cannot_be_cancelled(receive: Receive, clerk: Operator) -> None:
    one = receive()
    do_jobs()
    deciding.order(now_of(one), clerk, run=now_of(one).run)
    change(one, state=ImportState.APPLYING)

    with pytest.raises(ImportMovedError):
        deciding.cancel(one)


@pytest.mark.parametrize(
    ("was", "shall_be"),
    [
        (ImportState.EXAMINING, ImportState.EXAMINED),
        (ImportState.APPLYING, ImportState.APPLIED),
        (ImportState.WAITING, ImportState.EXAMINED),
    ],
)
def test_a_piece_of_work_whose_worker_died_can_be_begun_anew(
    town: Organization,
    clerk: Operator,
    receive: Receive,
    was: ImportState,
    shall_be: ImportState,
) -> None:
    one = receive()
    if was is ImportState.APPLYING:
        do_jobs()
        deciding.order(one, clerk, run=now_of(one).run)
    lost = waiting_jobs()[-1]
    change(one, state=was)
    now = timezone.now()
    with pytest.raises(ImportMovedError):
        deciding.again(one, now)

    deciding.again(one, now + max(SILENCE, LOST) + timedelta(seconds=5))
    do_jobs()
    running.work(town.pk, one.pk, lost["run"])

    assert now_of(one).state == shall_be


def test_a_process_that_ends_before_its_end_is_told_at_once(receive: Receive) -> None:
    one = receive()
    change(one, state=ImportState.EXAMINING)

    running.broke(one.organization_id, one.pk, one.run)

    assert now_of(one).is_stuck(timezone.now())
    deciding.again(one, timezone.now())
    do_jobs()
    assert now_of(one).state == ImportState.EXAMINED


def forget(now: datetime) -> None:
    """Do it as the worker does, who sees all organizations."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")
        try:
            expiring.expire(now)
        finally:
            cursor.execute("SET ROLE denrei_app")


def test_what_nobody_decides_about_is_forgotten_after_a_day(receive: Receive) -> None:
    one = receive()
    do_jobs()

    forget(timezone.now() + KEPT - timedelta(minutes=1))
    assert (now_of(one).state, pieces_of(one)) == (ImportState.EXAMINED, 1)
    forget(timezone.now() + KEPT + timedelta(minutes=1))
    assert (now_of(one).state, pieces_of(one)) == (ImportState.CANCELLED, 0)


def test_another_organization_sees_nothing_of_it(receive: Receive) -> None:
    receive()

    assert PeopleImport.objects.count() == Recipient.objects.count() == 0
