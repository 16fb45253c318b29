"""A server, its owner or both are killed: rows are kept, and nothing is left in the way."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from denrei.project.embedded import Cluster, running
from tests.project.embedded.servers import SECONDS, ask, begun, is_gone


def test_committed_rows_outlive_a_killed_server(home: Path) -> None:
    with running(home) as cluster:
        os.kill(cluster.pid, signal.SIGKILL)

    with running(home) as cluster:
        assert ask(cluster, "SELECT count(*) FROM person") == 1000


@pytest.mark.spec("ALL-1")
def test_a_server_that_is_killed_is_started_again_at_its_address(home: Path) -> None:
    with running(home) as cluster:
        for _ in range(2):
            killed = recorded_pid(home)
            os.kill(killed, signal.SIGKILL)

            assert count_when_it_answers(cluster) == 1000
            assert killed != recorded_pid(home)
        last = recorded_pid(home)
    assert is_gone(last)


def test_a_server_that_was_taken_over_is_started_again_as_well(home: Path) -> None:
    with begun(home) as owner:
        owner.process.kill()
        owner.process.wait(SECONDS)

    with running(home) as cluster:
        os.kill(owner.pid, signal.SIGKILL)

        assert count_when_it_answers(cluster) == 1000


def test_leaving_right_after_the_server_was_killed_leaves_none_behind(home: Path) -> None:
    with running(home):
        os.kill(recorded_pid(home), signal.SIGKILL)

    record = home / "postgres" / "data" / "postmaster.pid"
    assert not record.exists() or is_gone(recorded_pid(home))


def recorded_pid(home: Path) -> int:
    """Return the number of the server that last wrote down its own."""
    record = home / "postgres" / "data" / "postmaster.pid"
    return int(record.read_text().split("\n", 1)[0])


def count_when_it_answers(cluster: Cluster) -> object:
    """Ask until there is an answer."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return ask(cluster, "SELECT count(*) FROM person")
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_server_whose_owner_was_killed_is_taken_over_and_stopped(home: Path) -> None:
    with begun(home) as owner:
        owner.process.kill()
        owner.process.wait(SECONDS)

    with running(home) as cluster:
        assert (True, owner.pid) == (cluster.owned, cluster.pid)
        assert ask(cluster, "SELECT count(*) FROM person") == 1000
    assert is_gone(owner.pid)


def test_an_owner_and_its_server_both_killed_leave_nothing_in_the_way(home: Path) -> None:
    with begun(home) as owner:
        owner.process.kill()
        os.kill(owner.pid, signal.SIGKILL)
        owner.process.wait(SECONDS)

    with running(home) as cluster:
        assert ask(cluster, "SELECT count(*) FROM person") == 1000


@pytest.mark.parametrize(
    "left",
    [
        pytest.param("", id="empty, after a power cut"),
        pytest.param(f"{os.getpid()}\n/\n1\n5432\n/\n", id="its number is another process's now"),
    ],
)
def test_a_stale_record_of_a_server_is_cleared_away(home: Path, left: str) -> None:
    (home / "postgres" / "data" / "postmaster.pid").write_text(left)

    with running(home) as cluster:
        assert ask(cluster, "SELECT 1") == 1
