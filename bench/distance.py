"""A mail server far away: how much of what connections and round trips allow is used."""

from __future__ import annotations

from collections.abc import Iterator

from bench.rows import Bench, Goal, Reading, Row, Scale
from tools import ground

_AGAINST = "connections ÷ round trip"
_GOAL = Goal(least=0.85)
#: Milliseconds of a round trip, connections.
_WAYS = ((20, 100), (100, 200))
_ROWS = tuple(
    Row(name=f"{delay} ms, {connections} connections", unit="/s", against=_AGAINST, goal=_GOAL)
    for delay, connections in _WAYS
)


def _measure(scale: Scale) -> Iterator[Reading]:
    """Press → recorded into a server of that distance; launch and opening connections included."""
    people = scale.of(40_000, 4_000)
    with ground.ground() as where, ground.worker(where):
        for _ in range(scale.rounds):
            for row, (delay, connections) in zip(_ROWS, _WAYS, strict=True):
                with ground.receiver(where, "--delay", str(delay)) as (_, port):
                    where.people(people)
                    where.gateway(port, {"connections": connections})
                    rate, launch = where.pressed(people)
                yield Reading(
                    row=row.name,
                    value=rate,
                    beside=connections * 1000 / delay,
                    people=people,
                    more={"launch_s": launch},
                )


BENCH = Bench(name="distance", rows=_ROWS, measure=_measure)
