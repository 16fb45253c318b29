"""An evacuation notice to a hundred in the middle of a large routine broadcast, beside the same alone."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bench import sink
from bench.rows import Bench, Reading, Row, Scale
from denrei.project.demo.actors import free_port
from tools import ground

_URGENT = 100
_ROW = Row(
    name="urgent to 100 in mid-blast: press → last one recorded",
    unit="s",
    against="the same without the large one",
)


def _measure(scale: Scale) -> Iterator[Reading]:
    """Launch the urgent one alone and in mid-blast, interleaved."""
    people = scale.of(60_000, 3_000)
    with ground.ground() as where:
        where.people(people)
        port = free_port()
        where.gateway(port)
        few = where.some(_URGENT)
        with sink.running(port), ground.worker(where):
            for _ in range(scale.rounds):
                alone = _press(where, few)
                large = where.press()
                time.sleep(0.7)
                beside = _press(where, few)
                more = {"waiting_then": where.waiting(large)}
                where.settled(large)
                yield Reading(row=_ROW.name, value=beside, beside=alone, people=people, more=more)


def _press(where: ground.Ground, few: tuple[int, ...]) -> float:
    began = time.perf_counter()
    where.settled(where.press(urgent=few))
    return time.perf_counter() - began


BENCH = Bench(name="urgent", rows=(_ROW,), measure=_measure)
