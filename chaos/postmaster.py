"""Row 4: PostgreSQL killed with -9 in mid-blast, while an operator presses and the web server shows pages.

Nobody starts it again but what started it: the embedded launcher (`denrei.project.embedded_keeper`), as systemd
does on a server. A press that was acknowledged is committed, so that it must be delivered to everybody.
"""

from __future__ import annotations

import os
import signal
import time

from chaos import ground
from chaos.answering import Web, page_of
from chaos.pressing import Presser, gather
from chaos.row import Row, Scale

#: Seconds in which everything must work again.
_AGAIN = 30.0
#: Most copies for each kill: what both workers had on the wire and could not record.
_WORKERS = 2


def run(scale: Scale) -> Row:
    """Kill the postmaster again and again, each time after everything worked again."""
    kills, presses = scale.pick((5, 8), (2, 2))
    size = scale.pick(500, 100)
    people, delay = scale.pick((30_000, 0.04), (4_000, 0.1))
    with ground.scene(people, delay=delay, window=size, chunk_size=size) as scene:
        scene.workers(_WORKERS)
        web = Web(scene)
        marks = [f"press-{n}" for n in range(presses)]
        presser = Presser(scene, marks, gather(scene, marks, 50))
        broadcast = scene.press()
        scene.wait_received(10)
        page = page_of(scene.ground.organization.pk, _some_delivery(broadcast))
        web.ready(page)
        presser.start()
        again = [_kill(scene, web, page, broadcast) for _ in range(kills)]
        presser.join()
        for one in scene.marks:
            scene.watch.wait(one, 300.0)
        figure = scene.figure(
            kills=kills,
            acknowledged=len(presser.acknowledged),
            repeated=presser.repeats,
            again_s=[round(seconds, 1) for seconds in again],
            bound=kills * _WORKERS * size,
        )
    return ground.verdict(
        4,
        "PostgreSQL killed with -9",
        f"acknowledged broadcasts lost 0; works again within {_AGAIN:.0f} s by itself",
        figure,
        len(presser.acknowledged) == presses,
        scale.short or max(again) <= _AGAIN,
        figure["duplicates"] <= figure["bound"],
    )


def _some_delivery(broadcast: int) -> int:
    query = "SELECT min(id) FROM delivery WHERE broadcast_id = %s"
    return int(ground.ask(query, (broadcast,))[0][0])


def kill(scene: ground.Scene) -> None:
    """Kill the postmaster with -9: its children find out and end."""
    record = scene.ground.folder / "home" / "postgres" / "data" / "postmaster.pid"
    os.kill(int(record.read_text().split("\n", 1)[0]), signal.SIGKILL)


def _kill(scene: ground.Scene, web: Web, page: str, broadcast: int) -> float:
    """Kill it; return the seconds until deliveries are recorded and pages shown again."""
    kill(scene)
    began = time.monotonic()
    before = ground.patiently(scene.accepted)
    ground.wait_for(
        lambda: ground.patiently(scene.accepted) > before or scene.watch.finished(broadcast),
        "deliveries are recorded again",
    )
    web.ready(page)
    return time.monotonic() - began
