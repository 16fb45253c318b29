"""Row 3: a worker that is stopped for longer than its lease and then goes on, twenty times.

The others take its work over meanwhile. When it wakes up its deadline has passed, so that it must not send one
byte more of that work: no copy may come after its waking of what others have sent while it was stopped.
"""

from __future__ import annotations

import signal
import time

from chaos import checker, ground
from chaos.row import Row, Scale
from denrei.project.demo.actors import Actor

#: Seconds of a stop: longer than the lease.
_STOP = ground.LEASE + 1.5
#: Seconds that the worker gets until it holds something again.
_PATIENCE = 30.0


def run(scale: Scale) -> Row:
    """Stop one worker beside others that are left alone."""
    stops, steady = scale.pick((20, 3), (2, 1))
    size = scale.pick(500, 100)
    people, delay = scale.pick((20_000, 0.1), (4_500, 0.1))
    pauses: list[checker.Pause] = []
    with ground.scene(people, delay=delay, window=size, chunk_size=size) as scene:
        scene.workers(1 + steady)
        victim, bound = scene.crew[0], 0
        while len(pauses) < stops:
            if _holds(scene, victim, scene.blast()):
                bound += min(_stop(scene, victim, pauses), size)
        scene.settled(300.0)
        late = checker.late(scene.log, pauses)
        figure = scene.figure(stops=len(pauses), bound=bound, late=late)
    return ground.verdict(
        3,
        "a worker stopped for longer than its lease",
        "lost 0; nothing sent after its own deadline; duplicates <= bound and each listed",
        figure,
        late == 0,
        figure["duplicates"] <= bound,
    )


def _holds(scene: ground.Scene, victim: Actor, broadcast: int) -> bool:
    """Wait until the worker has something on the wire; False where the broadcast ends first."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and not scene.watch.finished(broadcast):
        if scene.promised(victim):
            return True
        time.sleep(0.05)
    return False


def _stop(scene: ground.Scene, victim: Actor, pauses: list[checker.Pause]) -> int:
    """Stop the worker and let it go on; note when; return what it had promised."""
    victim.process.send_signal(signal.SIGSTOP)
    begun, promised = time.time(), scene.promised(victim)
    time.sleep(_STOP)
    ended = time.time()
    victim.process.send_signal(signal.SIGCONT)
    pauses.append((begun, ended))
    return promised
