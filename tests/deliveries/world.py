"""A small committed world for the ledger: an organization, people, a lane, a broadcast, workers."""

from __future__ import annotations

import asyncio
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Unpack

import psycopg
from django.conf import settings
from psycopg.conninfo import make_conninfo

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Organization
from denrei.audience import freezing
from denrei.audience.selection import Selection
from denrei.broadcasts.content import Choice, Content, Phrase
from denrei.broadcasts.models import Priority
from denrei.channels.simulator import Simulator
from denrei.deliveries import cancel, fold, gateways, slicing
from denrei.deliveries.bell import CHANNEL
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.dispatch.worker import Worker, WorkerSettings
from denrei.deliveries.launch import Launched, Order, Step, launch
from denrei.deliveries.models import Gateway, Lane
from denrei.deliveries.stages import Stage
from denrei.deliveries.statements import statement
from denrei.directory.models import Contact, Household, Recipient
from denrei.domain import folding
from denrei.domain.conservation import Deliveries, People
from denrei.domain.failures import Reason
from denrei.domain.states import Grade, Medium, State

_numbers = itertools.count(1)
_shards = itertools.count(2, 2)
SAFE = gateways.vault([settings.SECRET_KEY])
_LOOK = """
SELECT (SELECT min(stage) FROM run WHERE broadcast_id = %s),
       (SELECT sum(people)::int FROM run WHERE broadcast_id = %s),
       (SELECT sum(planned)::int FROM run WHERE broadcast_id = %s),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(grade, n)), '[]') FROM (
          SELECT grade, sum(n) AS n FROM people_tally WHERE broadcast_id = %s GROUP BY 1) g),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(state, n)), '[]') FROM (
          SELECT state, sum(n) AS n FROM tally WHERE broadcast_id = %s GROUP BY 1) t),
       (SELECT coalesce(sum(open), 0)::int FROM chunk WHERE broadcast_id = %s AND state = 1)
"""


def content(**changes: Any) -> Content:
    """Return what an ordinary broadcast says."""
    given: dict[str, Any] = {
        "organization": "伝令市",
        "incident": Phrase(ja="地震発生", en="Earthquake"),
        "occurred_at": datetime(2026, 11, 22, 7, 13, tzinfo=UTC),
        "time_zone": "Asia/Tokyo",
        "signed": "防災課",
        "choices": (
            Choice(code="1", words=Phrase(ja="無事です", en="Safe")),
            Choice(code="3", words=Phrase(ja="支援が必要です", en="Help"), needs_help=True),
        ),
    }
    return Content(**(given | changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a broadcast stands at one moment."""

    stage: Stage
    people: People
    deliveries: Deliveries


@dataclass
class World:
    """One organization with its people and lanes, committed."""

    organization: Organization
    lanes: dict[Medium, Lane] = field(default_factory=dict)

    @classmethod
    def create(cls, **details: Unpack[organizations.Details]) -> World:
        """Make an organization of its own."""
        return cls(organizations.create(f"world-{next(_numbers)}", "伝令市", **details))

    def lane(self, medium: Medium = Medium.MAIL, **changes: Any) -> Lane:
        """Give the organization a lane with `channel`, or a simulator with rules, delay, lines.

        `shared`: the lane is everybody's.
        """
        simulated = {
            name: changes.pop(name) for name in ("rules", "delay", "lines") if name in changes
        }
        channel = changes.pop("channel", None) or Simulator(**simulated)
        shared = changes.pop("shared", False)
        with tenancy.acting_for(self.organization.id):
            lane = Lane.objects.create(
                organization=self.organization, medium=medium, name="simulated", **changes
            )
            Gateway.objects.create(
                organization=self.organization,
                lane=lane,
                kind=channel.kind,
                name="simulated",
                settings=gateways.to_settings(channel, SAFE),
            )
        if shared:
            self.ask_worker(
                "WITH g AS (UPDATE gateway SET organization_id = NULL WHERE lane_id = %s)"
                " UPDATE lane SET organization_id = NULL WHERE id = %s RETURNING id",
                lane.pk,
                lane.pk,
            )
        self.lanes[medium] = lane
        return lane

    def people(
        self,
        count: int,
        medium: Medium = Medium.MAIL,
        address: str = "p{0}@example.jp",
        *,
        household: Household | None = None,
        slots: int = 1,
    ) -> list[Recipient]:
        """Add people with `slots` contacts each; {0} is the person, {1} the slot."""
        with tenancy.acting_for(self.organization.id):
            found = Recipient.objects.bulk_create(
                Recipient(organization=self.organization, name=f"伝令 {n}", household=household)
                for n in range(count)
            )
            Contact.objects.bulk_create(
                Contact(
                    organization=self.organization,
                    recipient=person,
                    medium=medium,
                    slot=slot,
                    address=address.format(n, slot),
                    address_key=address.format(n, slot),
                )
                for n, person in enumerate(found)
                for slot in range(1, slots + 1)
            )
        return found

    def order(self, **changes: Any) -> Order:
        """Return an order to everybody by all lanes."""
        given: dict[str, Any] = {
            "key": f"draft-{next(_numbers)}",
            "content": content(),
            "selection": Selection(everybody=True),
            "steps": tuple(Step(medium=medium) for medium in self.lanes),
            "priority": Priority.EMERGENCY,
            "give_up_at": datetime.now(UTC) + timedelta(days=1),
        }
        return Order(**(given | changes))

    def some(self, count: int) -> Selection:
        """Return so many of the people."""
        rows = self.ask("SELECT id FROM recipient ORDER BY id LIMIT %s", count)
        return Selection(recipients=tuple(row[0] for row in rows))

    def launch(self, **changes: Any) -> Launched:
        """Launch to everybody."""
        return launch(self.organization, self.order(**changes))

    def answers(
        self, broadcast: int, recipients: Sequence[int], reason: Reason = Reason.ANSWERED_ELSEWHERE
    ) -> None:
        """Let people answer by another way: evidence and halt in one transaction."""
        with tenancy.acting_for(self.organization.id):
            freezing.raise_grade(broadcast, list(recipients), Grade.ANSWERED)
            cancel.halt(self.organization.id, broadcast, recipients, reason)

    def bounces(self, broadcast: int, address: str, reason: Reason = Reason.UNKNOWN_USER) -> int:
        """Take in a bounce of each delivery to an address; return how many were new."""
        rows = self.ask(
            "SELECT id FROM delivery WHERE broadcast_id = %s AND address = %s", broadcast, address
        )
        events = [
            fold.Event(
                source=fold.Source.BOUNCE,
                key=f"bounce {delivery}".encode(),
                broadcast=broadcast,
                delivery=delivery,
                fold=folding.event(Medium.MAIL, folding.MailRank.BOUNCED),
                reason=reason,
                raw="550 5.1.1 Unknown user",
            )
            for (delivery,) in rows
        ]
        with tenancy.acting_for(self.organization.id):
            return fold.take_in(self.organization.id, events)

    def slices(
        self, broadcast: int, people: int = slicing.PEOPLE, most: int = 1000, wave: int = 1
    ) -> int:
        """Write the slices of a wave as a janitor does; return how many were written."""

        async def write() -> int:
            async with LedgerConnection(settings_conninfo()) as connection:
                for written in range(most):
                    if not await slicing.next_slice(
                        connection, self.organization.id, broadcast, wave, people
                    ):
                        return written
            return most

        return asyncio.run(write())

    @contextmanager
    def acting(self) -> Iterator[psycopg.Connection]:
        """Open a transaction as this organization, apart from Django's."""
        with psycopg.connect(settings_conninfo()) as connection:
            connection.execute("SET ROLE denrei_app")
            connection.execute(
                "SELECT set_config('denrei.organization', %s, true)", (str(self.organization.id),)
            )
            yield connection

    def ask(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the ledger as this organization."""
        with self.acting() as connection:
            return connection.execute(sql.encode(), parameters).fetchall()

    def suppress(
        self, address: str, time: timedelta = timedelta(days=30), medium: Medium = Medium.MAIL
    ) -> None:
        """Note an address as known to be bad for a time."""
        self.change(
            "INSERT INTO suppression (organization_id, medium, address_key, reason, until)"
            " VALUES (%s, %s, %s, %s, now() + %s)",
            self.organization.id,
            medium,
            address,
            Reason.UNKNOWN_USER,
            time,
        )

    def ask_worker(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask as the worker's role, which sees lanes and chunks of all organizations."""
        with psycopg.connect(settings_conninfo()) as connection:
            connection.execute("SET ROLE denrei_worker")
            return connection.execute(sql.encode(), parameters).fetchall()

    def change(self, sql: str, *parameters: Any) -> int:
        """Change rows as this organization; return how many."""
        with self.acting() as connection:
            return connection.execute(sql.encode(), parameters).rowcount

    def die_holding(self, medium: Medium = Medium.MAIL, window: int = 500) -> int:
        """Claim and open a chunk as a worker that dies: its lease is over. Return the chunk."""
        with psycopg.connect(settings_conninfo()) as connection:
            connection.execute("SET ROLE denrei_worker")
            asked = {"worker": "dead", "lease": 0.0, "lane": self.lanes[medium].pk, "worst": 9}
            claimed = connection.execute(statement("claim"), asked).fetchone()
            assert claimed is not None, "nothing to claim"
            promised = {"window": window, "chunk": claimed[1], "generation": claimed[4]}
            assert connection.execute(statement("open"), promised).rowcount == 1
        return int(claimed[1])

    def hurry(self, broadcast: int) -> int:
        """Let the time of what is due later have come; return how many deliveries those are."""
        return self.change(
            "UPDATE delivery SET next_at = now() WHERE broadcast_id = %s AND next_at > now()",
            broadcast,
        )

    def states(self, broadcast: int) -> dict[tuple[int, int], int]:
        """Return (state, reason) → deliveries."""
        rows = self.ask(
            "SELECT state, reason, count(*) FROM delivery WHERE broadcast_id = %s GROUP BY 1, 2",
            broadcast,
        )
        return {(state, reason): n for state, reason, n in rows}

    def grades(self, broadcast: int) -> dict[int, int]:
        """Return grade → people, by the counters."""
        rows = self.ask(
            "SELECT grade, sum(n)::int FROM people_tally WHERE broadcast_id = %s GROUP BY 1",
            broadcast,
        )
        return {grade: n for grade, n in rows if n}

    def differences(self, broadcast: int) -> list[tuple[Any, ...]]:
        """Return where counters and ledger differ: nowhere."""
        found: list[tuple[Any, ...]] = []
        with self.acting() as connection:
            for name in ("check_deliveries", "check_people", "check_chunks"):
                found += connection.execute(statement(name), {"broadcast": broadcast}).fetchall()
        return found

    def look(self, broadcast: int) -> Look:
        """Return both equations of a broadcast, from one snapshot of the counters."""
        ((stage, people, planned, grades, states, in_work),) = self.ask(_LOOK, *[broadcast] * 6)
        return Look(
            stage=Stage(stage),
            people=People.counted(people, {Grade(grade): n for grade, n in grades}),
            deliveries=Deliveries.counted(
                planned, {State(state): n for state, n in states}, in_work
            ),
        )

    def conserved(self, broadcast: int) -> Look:
        """Return a look, of which both equations and the ledger itself must be true."""
        look = self.look(broadcast)
        assert look.people.holds, look.people.equation()
        assert look.deliveries.holds, look.deliveries.equation()
        assert self.differences(broadcast) == []
        return look

    def until(self, broadcast: int, true: Callable[[Look], bool], seconds: float = 60.0) -> Look:
        """Wait for what the equations must come to; they must hold at every look.

        The bell is rung at each, so that nothing waits for the janitor's second.
        """

        def look() -> bool:
            self.ask("SELECT pg_notify(%s, '')", CHANNEL)
            return true(self.conserved(broadcast))

        wait_for(look, seconds)
        return self.conserved(broadcast)

    def finished(self, broadcast: int, seconds: float = 60.0) -> Look:
        """Wait until the broadcast has ended (連絡終了)."""
        return self.until(broadcast, lambda look: look.stage is Stage.FINISHED, seconds)


def settings_conninfo() -> str:
    """Return the address of this test run's own database."""
    return os.environ["DATABASE_URL"]


def worker_settings(name: str = "") -> WorkerSettings:
    """Return settings for a worker on this test run's database."""
    shard = next(_shards)
    name = name or f"worker-{shard}"
    return WorkerSettings(
        conninfo=make_conninfo(settings_conninfo(), application_name=name),
        name=name,
        shard=shard,
        safe=SAFE,
    )


def wait_for(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is true; AssertionError when it does not become so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.03)


@contextmanager
def workers(count: int = 1) -> Iterator[Sequence[Worker]]:
    """Run workers in a thread of their own; they end in order."""
    running = [Worker(worker_settings()) for _ in range(count)]
    loops: list[asyncio.AbstractEventLoop] = []
    ready = threading.Event()

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        async with asyncio.TaskGroup() as group:
            for worker in running:
                group.create_task(worker.run())
            for worker in running:
                await worker.ready.wait()
            ready.set()

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(asyncio.run, run())
        wait_for(lambda: ready.is_set() or done.done())
        try:
            yield running
        finally:
            for worker in running:
                loops[0].call_soon_threadsafe(worker.close)
            done.result(timeout=30)
