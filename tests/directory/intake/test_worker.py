"""A real worker with an import in its hands: it ends in order, or is killed, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from denrei.directory.intake import deciding
from denrei.directory.intake.models import SILENCE, ImportState, PeopleImport
from tests.deliveries.world import wait_for
from tests.directory.intake.conftest import now_of
from tests.directory.intake.queue import waiting_jobs
from tests.project.commands import command, environment, running

Receive = Callable[..., PeopleImport]
#: Seconds that a busy machine may take to start two processes.
PATIENCE = 90.0


@contextmanager
def busy() -> Iterator[None]:
    """Let an examination wait for a lock as long as this lasts."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as somebody:
        somebody.execute("LOCK TABLE contact_group IN ACCESS EXCLUSIVE MODE")
        yield


def becomes(one: PeopleImport, state: ImportState) -> None:
    """Wait until an import is so far."""
    wait_for(lambda: now_of(one).state == state, PATIENCE)


@pytest.mark.spec("MSG-5")
def test_a_worker_that_ends_gives_its_import_to_the_next(receive: Receive) -> None:
    one = receive()
    with busy(), running("worker"):
        becomes(one, ImportState.EXAMINING)

    assert now_of(one).state == ImportState.WAITING
    assert [job["run"] for job in waiting_jobs()] == [one.run]
    with running("worker"):
        becomes(one, ImportState.EXAMINED)


@pytest.mark.spec("MSG-5")
def test_an_import_whose_processes_were_killed_is_begun_anew_on_demand(receive: Receive) -> None:
    one = receive()
    with busy(), subprocess.Popen(command("worker"), env=environment()) as worker:
        becomes(one, ImportState.EXAMINING)
        for process in (*children_of(worker.pid), worker.pid):
            os.kill(process, signal.SIGKILL)

    assert now_of(one).runs
    deciding.again(one, timezone.now() + SILENCE + timedelta(seconds=1))
    with running("worker"):
        becomes(one, ImportState.EXAMINED)


def children_of(process: int) -> list[int]:
    """Return the processes that a process started."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(word) for word in listed.split()]
