"""Each statement with parameters as large as they get, and how many rows it may read with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg

from denrei.deliveries.attention import noting
from denrei.domain.states import Medium, State
from tests.deliveries.plans.town import LARGE, SLICE, Town

#: Rows recorded at once, people asked about at once, chunks a worker holds.
BATCH, GATE, HELD = 250, 50, 20
#: What the town has of these: people whose halt is to be carried out, watched addresses, events to be folded.
UNSWEPT, WATCHED, TOLD = 1_200, 600, 400
#: A lookup by key, with what hangs on it.
FEW = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is there to ask about."""

    town: Town
    #: A leased chunk of mails with its generation and deliveries.
    chunk: int
    generation: int
    deliveries: list[int]
    #: Calls that are held, leased, and their generations.
    calls: list[int]
    chunks: list[int]
    generations: list[int]
    people: list[int]
    #: The last of the first slice of the fresh broadcast.
    cursor: int
    bad_address: str
    notes: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One statement."""

    #: How many rows of large tables it may read, its triggers' too.
    most: int
    given: Callable[[Asked], Mapping[str, Any]] = field(default=lambda _: {})
    #: Run by pages and commands, whose connections are not told to go by keys.
    by_pages: bool = False


def _wave(asked: Asked) -> dict[str, Any]:
    return {"broadcast": asked.town.broadcast, "wave": 1}


def _curve(asked: Asked) -> dict[str, Any]:
    return {"broadcasts": [asked.town.broadcast]}


def _chunk(asked: Asked) -> dict[str, Any]:
    return {"chunk": asked.chunk, "generation": asked.generation}


def _record(asked: Asked) -> dict[str, Any]:
    n = len(asked.deliveries)
    return {
        **_chunk(asked),
        "broadcast": asked.town.broadcast,
        "lease": 30.0,
        "pepper": "p",
        "ids": asked.deliveries,
        "states": [1] * (n - 50) + [0] * 50,
        "reasons": [0] * n,
        "phases": [2] * n,
        "ranks": [10] * (n - 50) + [0] * 50,
        "evidences": [1] * (n - 50) + [0] * 50,
        "counted": [1] * n,
        "delays": [60.0] * n,
        "tooks": [5] * n,
        "gateways": [1] * n,
        "lanes": [None] * n,
        "providers": ["x"] * n,
        "replies": ["250"] * n,
    }


def _slice(asked: Asked) -> dict[str, Any]:
    return {
        "broadcast": asked.town.fresh,
        "wave": 1,
        "cursor": asked.cursor,
        "priority": 1,
        "people": SLICE,
        "most": 4,
        "chosen": None,
        "patient": True,
        "bound": None,
        "started": datetime(2026, 11, 22, tzinfo=UTC),
        "media": [1, 3],
        "slots": [9, 9],
        "lanes": [asked.town.mail, asked.town.phone],
        "sizes": [250, 1],
        "bases": [0, 0],
        "steps": [1, 1],
        "blocks": [900, 901],
        "afters": [0, 0],
        "sequential": [False, True],
    }


def _written(asked: Asked) -> dict[str, Any]:
    return {**_slice(asked), "cursor": 0, "upto": asked.cursor}


def _events(asked: Asked) -> dict[str, Any]:
    n = len(asked.deliveries)
    return {
        "sources": [1] * n,
        "keys": [str(delivery).encode() for delivery in asked.deliveries],
        "broadcasts": [asked.town.broadcast] * n,
        "deliveries": asked.deliveries,
        "providers": [""] * n,
        "ranks": [0] * n,
        "states": [0] * n,
        "evidences": [4] * n,
        "reasons": [0] * n,
        "raws": [""] * n,
    }


def _suppress(asked: Asked) -> dict[str, Any]:
    n = len(asked.deliveries)
    return {
        "ids": asked.deliveries,
        "reasons": [1] * n,
        "needed": [1] * n,
        "days": [30] * n,
        "fresh": [True] * n,
        "strikes": 3,
        "strike_days": 30,
    }


def _attention(asked: Asked) -> dict[str, Any]:
    """As if all of a chunk had just failed."""
    waiting = json.dumps({f"{int(medium)} {int(State.WAITING)}": 1 for medium in Medium})
    return {**noting.noted(asked.deliveries)[0][1], "statuses": waiting}


def _address(asked: Asked) -> dict[str, Any]:
    return {"medium": 1, "address_key": asked.bad_address, "actor": None}


def _stop(asked: Asked) -> dict[str, Any]:
    return {**_wave(asked), "reason": 61, "after": 0}


def _number(asked: Asked) -> dict[str, Any]:
    return {"number": b"n", "generation": asked.generations[-1], "lease": 30.0}


CASES: Mapping[str, Case] = {
    "advance": Case(most=0, given=lambda a: {**_written(a), "size": SLICE, "planned": SLICE}),
    "alarms": Case(
        most=0,
        given=lambda a: {
            "kinds": ["stall"],
            "broadcasts": [a.town.broadcast],
            "gateways": [None],
            "operators": [None],
            "facts": ["{}"],
            "gone": 6.0,
            "calm": 60.0,
        },
    ),
    "breakdown_due": Case(most=0, given=lambda a: {**_curve(a), "unfinished": [True]}),
    "breakdown_lock": Case(most=0, given=_wave),
    "causes": Case(
        most=FEW,
        given=lambda a: {
            "stall": 60.0,
            "trouble": 10.0,
            "operators": [1],
            "keys": [a.bad_address],
            "medium": 1,
        },
    ),
    "attention": Case(most=20 * BATCH, given=_attention),
    "attention_heard": Case(most=8 * BATCH, given=lambda a: {"ids": a.deliveries}),
    "claim": Case(
        most=FEW,
        given=lambda a: {"worker": "w", "lease": 30.0, "lane": a.town.mail, "worst": 9},
    ),
    "clear": Case(most=4 * BATCH, given=lambda a: {"ids": a.deliveries, "strikes": 3}),
    "contact_found": Case(most=4 * SLICE, given=_written),
    "content": Case(most=0, given=_wave),
    "cover": Case(most=3 * SLICE, given=_written),
    "cut": Case(most=12 * 5000),
    "dead": Case(most=5 * HELD),
    "events": Case(most=2 * BATCH, given=_events, by_pages=True),
    "finish": Case(most=0, given=_wave),
    "finish_lock": Case(most=0, given=_wave),
    "fold": Case(most=12 * TOLD, given=lambda _: {"after": 0}),
    "fold_done": Case(most=0, given=lambda a: {"notes": a.notes}),
    "fold_next": Case(most=0),
    "gate": Case(most=2 * GATE, given=lambda a: {**_wave(a), "people": [-1, *a.people[:GATE]]}),
    "halt": Case(
        most=GATE,
        given=lambda a: {**_wave(a), "people": a.people[:GATE], "reason": 62, "actor": None},
        by_pages=True,
    ),
    "head_due": Case(most=0, given=lambda _: {"most": 6}),
    "head_take": Case(most=0, given=lambda a: {**_wave(a), "pause": 300}, by_pages=True),
    "head_told": Case(
        most=0,
        given=lambda a: {**_wave(a), "taken": datetime(2026, 11, 29, tzinfo=UTC)},
        by_pages=True,
    ),
    "lane": Case(most=0, given=lambda a: {"lane": a.town.mail}),
    "lane_gateways": Case(most=0, given=lambda a: {"lane": a.town.mail}),
    "load": Case(most=8 * BATCH, given=_chunk),
    "match": Case(most=4 * TOLD),
    # The chunks of the broadcast until one is ready, and up to 1,000 that are overdue.
    "motion": Case(most=LARGE, given=_curve),
    "next_turn": Case(most=20 * HELD, given=lambda a: {"ids": a.calls, "chunk": None}),
    "no_contact": Case(most=4 * SLICE, given=_written),
    "occupy": Case(most=5 * HELD, given=_number),
    "open": Case(most=FEW, given=lambda a: {**_chunk(a), "window": 100}),
    "open_halts": Case(most=2 * UNSWEPT, given=_wave),
    "open_runs": Case(most=0),
    # What is due later, up to 1,000 of the organization.
    "pulse": Case(
        most=1_000 + 5 * HELD, given=lambda a: {**_curve(a), "least": 0.0, "points": 300}
    ),
    "pulse_begin": Case(most=0, given=_curve),
    "pulse_lock": Case(most=0),
    "operators": Case(most=0),
    "organizations": Case(most=0),
    "own_mail_accepted": Case(most=0, given=lambda _: {"operator": 1}, by_pages=True),
    "own_mail_refused": Case(most=0, given=lambda _: {"operator": 1, "facts": "{}"}, by_pages=True),
    "ready_lanes": Case(most=FEW),
    "reminder_due": Case(most=0),
    "scheduled_due": Case(most=0),
    "reap": Case(most=12 * BATCH, given=_chunk),
    "record": Case(most=8 * BATCH, given=_record),
    "release": Case(most=FEW, given=_chunk),
    "release_address": Case(most=FEW, given=_address, by_pages=True),
    "release_counted": Case(most=FEW, given=_address, by_pages=True),
    "release_waiting": Case(most=FEW, given=_address, by_pages=True),
    "renew": Case(
        most=2 * HELD,
        given=lambda a: {"lease": 30.0, "chunks": a.chunks, "generations": a.generations},
    ),
    "reserve": Case(most=0, given=lambda _: {"n": 10, "gateway": 1}),
    "seal_lock": Case(most=0),
    "settle": Case(most=4 * WATCHED, given=lambda _: {"days": 5}),
    "in_order": Case(most=0),
    "freeze": Case(most=FEW, given=lambda a: {**_slice(a), "pages": 6}),
    "slice": Case(most=10 * SLICE, given=_slice),
    "slice_lock": Case(most=0, given=_slice),
    "stop_chunk": Case(most=8 * BATCH, given=_stop),
    "stop_done": Case(most=FEW, given=_wave),
    # The next 5,000 who wait may be the last of the wave.
    "stop_rest": Case(most=2 * LARGE, given=_stop),
    "suppress": Case(most=20 * BATCH, given=_suppress),
    "suppress_tested": Case(
        most=FEW, given=lambda a: {**_address(a), "reason": 1, "days": 30}, by_pages=True
    ),
    "sweep": Case(most=8 * UNSWEPT, given=_wave),
    "tell": Case(most=0, given=lambda _: {"pauses": [60, 120]}, by_pages=True),
    "trouble": Case(most=0, given=lambda _: {"words": "", "gateway": 1}),
    "turn_lock": Case(
        most=20 * HELD, given=lambda a: {"ids": a.calls, "chunk": None}, by_pages=True
    ),
    "untold": Case(most=0),
    "vacate": Case(most=0, given=_number),
    "watched": Case(most=0, given=lambda _: {"days": 14}),
    "wrong_now": Case(most=0, by_pages=True),
}
#: Statements that read much by design.
BY_DESIGN: Mapping[str, str] = {
    "breakdown": "counts all people of a broadcast, in the background (ADR 0013)",
    "check_deliveries": "the audit recounts the deliveries of a broadcast",
    "check_people": "the audit recounts the people of a broadcast",
    "check_chunks": "the audit recounts the chunks of a broadcast",
    "check_emptied": "the audit adds up the counters and follows the seals of a broadcast without rows (OPS-8)",
    "floor": "once for each slice of 20,000 people it counts the open chunks of a lane",
    "silence": "counts the deliveries of a broadcast that has settled, in the night (NEW-2)",
    "silence_heard": "asks of each silent contact whether a tap came later, in the night (NEW-2)",
    "seal": "a BRIN index leads to the pages written since the last seal, which are read whole",
}


async def asked(connection: psycopg.AsyncConnection, town: Town) -> Asked:
    """Look up what the cases ask about."""

    async def column(sql: str) -> list[Any]:
        cursor = await connection.execute(sql.encode(), {"b": town.broadcast, "f": town.fresh})
        return [row[0] for row in await cursor.fetchall()]

    await connection.execute(
        "SELECT set_config('denrei.organization', %s, false)", (str(town.organization),)
    )
    leased = "FROM chunk WHERE broadcast_id = %(b)s AND state = 1 ORDER BY open, id"
    chunks, generations = (
        await column(f"SELECT id {leased}"),
        await column(f"SELECT generation {leased}"),
    )
    fresh = "FROM (SELECT recipient_id FROM audience WHERE broadcast_id = %(f)s ORDER BY 1"
    return Asked(
        town=town,
        chunk=chunks[-1],
        generation=generations[-1],
        deliveries=await column(
            "SELECT id FROM delivery WHERE chunk_id = (SELECT id FROM chunk WHERE broadcast_id = %(b)s"
            " AND state = 1 ORDER BY open DESC, id DESC LIMIT 1) ORDER BY id"
        ),
        calls=await column(
            f"SELECT id FROM delivery WHERE chunk_id IN (SELECT id {leased} LIMIT {HELD})"
        ),
        chunks=chunks[:HELD],
        generations=generations[:HELD],
        people=await column(
            "SELECT recipient_id FROM audience WHERE broadcast_id = %(b)s ORDER BY 1 DESC LIMIT 500"
        ),
        cursor=(await column(f"SELECT max(recipient_id) {fresh} LIMIT {SLICE}) x"))[0],
        bad_address=(await column("SELECT max(address_key) FROM suppression WHERE medium = 1"))[0],
        notes=await column("SELECT id FROM fold_due"),
    )
