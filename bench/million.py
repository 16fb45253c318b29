"""The first mail after the press, the last slice of a launch, and a worker's memory, up to 1,000,000 people."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from bench.rows import Bench, Goal, Reading, Row, Scale
from denrei.project.demo.actors import Actor
from tools import ground

_SMALL = Row(name="press → first mail at the receiver", unit="ms", goal=Goal(most=250))
_FIRST = Row(name="press → first mail at the receiver, large", unit="s", goal=Goal(most=1.0))
_LAUNCH = Row(name="press → last slice committed", unit="s", goal=Goal(most=15.0))
_WHOLE = Row(name="press → recorded, large", unit="/s")
_GROWTH = Row(name="memory of the worker above 1,000 people", unit="MB", goal=Goal(most=5.0))


def _measure(scale: Scale) -> Iterator[Reading]:
    """A thousand first, then some of 20,000, then the large one, in one organization and by one worker."""
    with (
        ground.ground() as where,
        ground.receiver(where) as (receiver, port),
        ground.worker(where) as worker,
    ):
        where.people(1_000)
        where.gateway(port)
        _pressed(where, receiver, 1_000)
        began_with = resident(worker.process.pid)
        people = scale.of(20_000, 2_000)
        where.more(people - 1_000)
        for _ in range(scale.rounds):
            first, *_ = _pressed(where, receiver, people)
            yield Reading(row=_SMALL.name, value=first * 1000, people=people)
        before, people = people, scale.of(1_000_000, 20_000)
        where.more(people - before)
        first, launch, rate = _pressed(where, receiver, people)
        yield Reading(row=_FIRST.name, value=first, people=people)
        yield Reading(row=_LAUNCH.name, value=launch, people=people)
        yield Reading(row=_WHOLE.name, value=rate, people=people)
        ended_with = resident(worker.process.pid)
        yield Reading(
            row=_GROWTH.name,
            value=ended_with - began_with,
            people=people,
            more={"resident_mb": ended_with},
        )


def _pressed(where: ground.Ground, receiver: Actor, people: int) -> tuple[float, float, float]:
    """Return the seconds to the first mail and to the last slice, and deliveries a second."""
    time.sleep(2.0)  # a rest, so that the receiver tells of the first mail
    began = time.monotonic()
    rate, launch = where.pressed(people, seconds=1_200)
    return _first(receiver, began) - began, launch, rate


def _first(receiver: Actor, began: float) -> float:
    """Return when the first mail after `began` came; what came after a rest before that is passed over."""
    assert receiver.process.stdout is not None
    told = 0.0
    while told < began:
        told = json.loads(receiver.process.stdout.readline())["first"]
    return told


def resident(process: int) -> float:
    """Return the memory of a process in MB (VmRSS of proc(5))."""
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(process)


BENCH = Bench(
    name="million",
    rows=(_SMALL, _FIRST, _LAUNCH, _WHOLE, _GROWTH),
    measure=_measure,
    patience=1_500,
)
