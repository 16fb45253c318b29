"""Row 1: many mails and no fault. Nothing is lost, and nothing is sent twice."""

from __future__ import annotations

import time

from chaos import ground
from chaos.row import Row, Scale

#: Seconds for everything.
_PATIENCE = 600.0


def run(scale: Scale) -> Row:
    """Send to everybody with two workers."""
    people = scale.pick(100_000, 4_000)
    with ground.scene(people, lease_seconds=ground.OWN_LEASE) as scene:
        scene.workers(2)
        began = time.monotonic()
        broadcast = scene.press()
        scene.watch.wait(broadcast, _PATIENCE)
        figure = scene.figure(seconds=round(time.monotonic() - began, 1))
    target = "lost 0, duplicates 0"
    return ground.verdict(1, "no fault", target, figure, figure["duplicates"] == 0)
