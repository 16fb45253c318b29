"""Row 2: four workers, one killed with -9 every five seconds, and a new one started for it.

Bound: of each killed worker at most what it had promised on its chunks (`in_doubt_max`, at most the window of
its lane) can have been on the wire and not recorded; only those can come twice.
"""

from __future__ import annotations

import time

from chaos import ground
from chaos.row import Row, Scale

#: Seconds from the last lease until all is recorded that the killed ones held.
_DRAIN = 60.0
#: Seconds that a worker gets until it holds something.
_PATIENCE = 30.0


def run(scale: Scale) -> Row:
    """Kill the worker that has been there longest, again and again."""
    kills, every = scale.pick((10, 5.0), (3, 1.0))
    size = scale.pick(500, 100)
    people, delay = scale.pick((20_000, 0.04), (4_000, 0.1))
    left: list[int] = []
    with ground.scene(people, delay=delay, window=size, chunk_size=size) as scene:
        scene.workers(4)
        done, bound = 0, 0
        while done < kills:
            scene.blast()
            time.sleep(every)
            promised = _kill(scene, left)
            done += promised > 0
            bound += min(promised, size)
        drained = ground.wait_for(lambda: not _open(left), "what they held is recorded", 300.0)
        scene.settled(600.0)
        figure = scene.figure(
            kills=done, left_chunks=len(left), bound=bound, drained_s=round(drained, 1)
        )
    target = f"lost 0; duplicates <= bound, each listed; what they held recorded {_DRAIN:.0f} s after the last lease"
    return ground.verdict(
        2,
        "workers killed with -9",
        target,
        figure,
        figure["duplicates"] <= bound,
        scale.short or drained <= _DRAIN + ground.LEASE,
    )


def _kill(scene: ground.Scene, left: list[int]) -> int:
    """Kill the oldest worker that holds something and note its chunks; return what it had promised."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and not scene.watch.finished(scene.blast()):
        for actor in list(scene.crew):
            if scene.promised(actor):
                scene.kill(actor)
                left += scene.held(actor)
                promised = scene.promised(actor)
                scene.worker()
                return promised
        time.sleep(0.05)
    return 0


def _open(chunks: list[int]) -> bool:
    """Tell whether something of these chunks is still to be recorded."""
    query = "SELECT count(*) FROM chunk WHERE id = ANY(%s) AND state < 2"
    return bool(ground.ask(query, (chunks,))[0][0])
