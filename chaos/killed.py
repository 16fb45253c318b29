"""Row 2: four workers, one killed with -9 every five seconds, and a new one started for it.

Bound: of each killed worker at most what it had promised on its chunks (`in_doubt_max`, at most the window of
its lane) can have been on the wire and not recorded; only those can come twice.
"""

from __future__ import annotations

import time

from chaos import ground
from chaos.row import Row, Scale

#: Seconds from the last lease to the end of everything.
_DRAIN = 60.0
#: Seconds that a worker gets until it holds something.
_PATIENCE = 30.0


def run(scale: Scale) -> Row:
    """Kill the worker that has been there longest, again and again."""
    kills, every = scale.pick((10, 5.0), (3, 1.0))
    size = scale.pick(500, 100)
    people, delay = scale.pick((20_000, 0.04), (4_000, 0.1))
    with ground.scene(people, delay=delay, window=size, chunk_size=size) as scene:
        scene.workers(4)
        done, bound = 0, 0
        while done < kills:
            scene.blast()
            time.sleep(every)
            promised = _kill(scene, scene.blast())
            done += promised > 0
            bound += min(promised, size)
        began = time.monotonic()
        scene.settled(_DRAIN * 5)
        drained = time.monotonic() - began
        figure = scene.figure(kills=done, bound=bound, drained_s=round(drained, 1))
    target = f"lost 0; duplicates <= bound and each listed; drained in {_DRAIN:.0f} s + lease"
    return ground.verdict(
        2,
        "workers killed with -9",
        target,
        figure,
        figure["duplicates"] <= bound,
        scale.short or drained <= _DRAIN + ground.LEASE,
    )


def _kill(scene: ground.Scene, broadcast: int) -> int:
    """Kill the oldest worker that holds something; return what it had promised, 0 where none does."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and not scene.watch.finished(broadcast):
        for actor in list(scene.crew):
            if scene.promised(actor):
                scene.kill(actor)
                promised = scene.promised(actor)
                scene.worker()
                return promised
        time.sleep(0.05)
    return 0
