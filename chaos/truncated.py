"""Row 6: the tables of the job queue emptied in mid-blast, and everything killed and started again.

The queue is a clock and nothing more (ADR 0003): what is to be sent stands in the ledger.
"""

from __future__ import annotations

import time

from chaos import ground, postmaster
from chaos.row import Row, Scale

#: Seconds until deliveries are recorded again; and until the clock has deferred a job of its minute again.
_AGAIN, _MINUTE = 60.0, 90.0
_WORKERS = 2
_EMPTY = """
DO $$ BEGIN
  EXECUTE (SELECT 'TRUNCATE ' || string_agg(oid::regclass::text, ', ') || ' CASCADE' FROM pg_class
            WHERE relkind = 'r' AND relname LIKE 'procrastinate\\_%' AND relname <> 'procrastinate_version');
END $$
"""


def run(scale: Scale) -> Row:
    """Empty the queue, kill workers and PostgreSQL, start all of it again."""
    size = scale.pick(500, 100)
    people, delay = scale.pick((20_000, 0.04), (3_000, 0.1))
    with ground.scene(people, delay=delay, window=size, chunk_size=size) as scene:
        scene.workers(_WORKERS)
        broadcast = scene.press()
        scene.wait_received(people // 4)
        ground.ask(_EMPTY)
        bound = sum(min(size, scene.promised(actor)) for actor in scene.crew)
        for actor in list(scene.crew):
            scene.kill(actor)
        postmaster.kill(scene)
        began = time.monotonic()
        before = ground.patiently(scene.accepted)
        for _ in range(_WORKERS):
            scene.worker()
        ground.wait_for(lambda: scene.accepted() > before, "deliveries are recorded again", 180.0)
        again = time.monotonic() - began
        ground.ask(_EMPTY)  # once more, under workers that go on
        clock = 0.0 if scale.short else ground.wait_for(_ticks, "the clock goes on", _MINUTE)
        scene.watch.wait(broadcast, 300.0)
        figure = scene.figure(
            again_s=round(again, 1),
            clock_again_s=round(clock, 1),
            bound=_WORKERS * size,
            promised=bound,
        )
    return ground.verdict(
        6,
        "the queue's tables emptied, everything killed",
        f"lost 0; resumes within {_AGAIN:.0f} s",
        figure,
        scale.short or again <= _AGAIN,
        figure["duplicates"] <= figure["bound"],
    )


def _ticks() -> bool:
    """Tell whether the clock of the queue has deferred something since."""
    return bool(ground.ask("SELECT count(*) FROM procrastinate_periodic_defers")[0][0])
