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

#: Seconds of a stop: longer than the lease, so that others have time to take over what it held.
_STOP = ground.LEASE + 3.0
#: Of a chunk and of the window: small, so that the others soon have their hands free for it.
_SIZE = 100
#: Seconds that the worker gets until it holds something again.
_PATIENCE = 30.0


def run(scale: Scale) -> Row:
    """Stop one worker beside others that are left alone."""
    stops, steady = scale.pick((20, 3), (2, 1))
    people = scale.pick(20_000, 4_500)
    pauses: list[checker.Pause] = []
    with ground.scene(people, delay=0.1, window=_SIZE, chunk_size=_SIZE) as scene:
        scene.workers(1 + steady)
        victim, bound, taken = scene.crew[0], 0, 0
        while len(pauses) < stops:
            if _holds(scene, victim, scene.blast()):
                promised, others = _stop(scene, victim, pauses)
                bound += min(promised, _SIZE)
                taken += others
        scene.settled(300.0)
        late = checker.late(scene.log, pauses)
        figure = scene.figure(stops=len(pauses), taken_over=taken, bound=bound, late=late)
    return ground.verdict(
        3,
        "a worker stopped for longer than its lease",
        "lost 0; nothing sent after its own deadline; duplicates <= bound and each listed",
        figure,
        scale.short or taken > 0,
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


def _stop(scene: ground.Scene, victim: Actor, pauses: list[checker.Pause]) -> tuple[int, int]:
    """Stop the worker and let it go on; note when.

    Returns what it had promised, and how many of its chunks others took over meanwhile.
    """
    victim.process.send_signal(signal.SIGSTOP)
    begun, promised, held = time.time(), scene.promised(victim), scene.held(victim)
    time.sleep(_STOP)
    taken = len(held) - len(set(held) & set(scene.held(victim))) - _waiting(held)
    ended = time.time()
    victim.process.send_signal(signal.SIGCONT)
    pauses.append((begun, ended))
    return promised, taken


def _waiting(chunks: list[int]) -> int:
    """Return how many of these were reaped and are held by nobody."""
    query = "SELECT count(*) FROM chunk WHERE id = ANY(%s) AND state = 0"
    return int(ground.ask(query, (chunks,))[0][0])
