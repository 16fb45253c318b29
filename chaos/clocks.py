"""Row 8: the clock of one worker jumps by an hour and by a day, forward and back, in mid-blast.

`libfaketime` moves the clocks of one process. Leases are by the clock of the database, deadlines by the boot-time
clock of the worker, and the time of day decides nothing: so jumps of it alone must change nothing at all. Where the
boot-time clock jumps forward too (a machine that slept for an hour), what was handed over and not yet answered
is past its time and in doubt: duplicates at most what was on the wire, each listed. A boot-time clock never goes back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from chaos import checker, ground
from chaos.row import Row, Scale

_LIBRARY = "*/faketime/libfaketimeMT.so.1"
#: Seconds for which the library keeps what the file says.
_CACHED = 1
#: As the file says them; each is in relation to the true time.
_JUMPS = ("+1h", "-1h", "+1d", "-1d", "+0")
_SLEEPS = ("+1h", "+1d")
_CONNECTIONS = 20


def run(scale: Scale) -> Row:
    """Send with a worker whose time of day jumps, then with one whose every clock jumps forward."""
    found = sorted(Path("/usr/lib").glob(_LIBRARY))
    if not found:
        raise SystemExit("libfaketime is missing: apt-get install faketime")
    size = scale.pick(500, 100)
    people, delay = scale.pick((6_000, 0.1), (2_500, 0.1))
    stay = scale.pick(4.0, 1.0)
    with ground.scene(
        people, delay=delay, window=size, chunk_size=size, lease_seconds=ground.OWN_LEASE
    ) as scene:
        clock = Clock(scene.ground.folder / "clock", str(found[0]))
        scene.workers(1)
        on_day = clock.worry(scene, "day", _JUMPS, stay)
        clock.worry(scene, "all", _SLEEPS, stay)
        figure = scene.figure(
            jumps=len(_JUMPS),
            sleeps=len(_SLEEPS),
            duplicates_by_day=on_day,
            bound=len(_SLEEPS) * _CONNECTIONS,
        )
    return ground.verdict(
        8,
        "clocks that jump by an hour and a day",
        "lost 0; duplicates 0 by the time of day, <= bound and listed after a sleep",
        figure,
        on_day == 0,
        figure["duplicates"] <= figure["bound"],
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one worker: it goes by what a file says."""

    file: Path
    library: str

    def worry(self, scene: ground.Scene, which: str, jumps: tuple[str, ...], stay: float) -> int:
        """Let the time of `day`, or `all` clocks, of one worker jump; return the copies since.

        A steady worker is beside it.
        """
        self._say("+0")
        worker = scene.worker(self._environment(which))
        scene.ready()
        for jump in jumps:
            ground.wait_for(lambda: scene.blast() and scene.promised(worker), "it holds something")
            self._say(jump)
            time.sleep(_CACHED + stay)
        scene.settled(300.0)
        worker.check()
        scene.kill(worker)
        return checker.judge(scene.log, scene.meant, scene.listed).duplicates

    def _environment(self, which: str) -> dict[str, str]:
        return {
            "LD_PRELOAD": self.library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": str(_CACHED),
            "FAKETIME_DONT_FAKE_MONOTONIC": str(int(which == "day")),
        }

    def _say(self, offset: str) -> None:
        """Replace the file at once: the library must not read half of it."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{offset}\n")
        fresh.replace(self.file)
