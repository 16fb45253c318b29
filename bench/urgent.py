"""An evacuation notice to a hundred in the middle of a large routine broadcast, beside the same alone."""

from __future__ import annotations

import json
import statistics
import time

from bench import sink
from tools import ground

_URGENT = 100


def run(people: int, rounds: int) -> None:
    """Launch the urgent one alone and in mid-blast, `rounds` times each, interleaved."""
    rows = []
    with ground.ground() as where:
        where.people(people * 3)
        port = ground.free_port()
        where.gateway(port)
        few = where.some(_URGENT)
        with sink.running(port), ground.worker(where):
            for _ in range(rounds):
                alone = _press(where, few)
                large = where.press()
                time.sleep(0.7)
                beside = _press(where, few)
                waiting = where.waiting(large)
                where.settled(large)
                rows.append({"alone_s": alone, "beside_s": beside, "waiting_then": waiting})
                print(json.dumps({"bench": "urgent", "large": people * 3, **rows[-1]}), flush=True)
    medians = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    print(json.dumps({"bench": "urgent", "large": people * 3, "median": medians}), flush=True)


def _press(where: ground.Ground, few: tuple[int, ...]) -> float:
    began = time.perf_counter()
    where.settled(where.press(urgent=few))
    return round(time.perf_counter() - began, 2)
