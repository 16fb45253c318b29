"""The queue's clock in a real worker: it runs its jobs, and its loss loses no delivery (ADR 0003)."""

from __future__ import annotations

import os

import psycopg
import pytest
from procrastinate.contrib.django import app

from denrei.deliveries.recount import recount
from denrei.domain.failures import Reason
from denrei.domain.states import State
from tests.deliveries.world import World, wait_for
from tests.project.commands import running

pytestmark = pytest.mark.usefixtures("committed")

_QUEUE = (
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)


def owner(statement: str) -> list[tuple[object, ...]]:
    """Do something as the database's owner."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def finished(world: World, broadcast: int) -> bool:
    """Tell whether everybody was sent to."""
    return world.states(broadcast) == {(State.ACCEPTED, Reason.NONE): 20}


@pytest.mark.spec("NEW-1")
def test_the_clock_runs_the_audit_and_forgets_the_job(world: World) -> None:
    world.lane()
    world.people(3)
    world.launch()
    world.change("UPDATE people_tally SET n = n + 1")
    app.configure_task("denrei.deliveries.tasks.audit").defer(timestamp=0)

    with running("worker"):
        wait_for(lambda: world.ask("SELECT broken_at IS NOT NULL FROM run") == [(True,)])
        wait_for(lambda: not owner("SELECT FROM procrastinate_jobs WHERE task_name LIKE '%audit'"))


@pytest.mark.spec("ALL-1")
def test_without_the_rows_of_the_queue_no_delivery_is_lost(world: World) -> None:
    world.lane(delay=0.05, lines=2)
    world.people(20)
    broadcast = world.launch().broadcast_id

    with running("worker"):
        wait_for(lambda: world.states(broadcast) != {})
        owner(f"TRUNCATE {', '.join(_QUEUE)}")
        wait_for(lambda: finished(world, broadcast))

    assert recount(world.organization.pk, broadcast) == []


@pytest.mark.spec("ALL-1")
def test_the_clock_s_trouble_never_touches_the_senders(world: World) -> None:
    world.lane()
    world.people(20)
    owner("ALTER TABLE procrastinate_jobs RENAME TO procrastinate_jobs_away")
    try:
        broadcast = world.launch().broadcast_id
        with running("worker"):
            wait_for(lambda: finished(world, broadcast))
    finally:
        owner("ALTER TABLE procrastinate_jobs_away RENAME TO procrastinate_jobs")

    assert recount(world.organization.pk, broadcast) == []
