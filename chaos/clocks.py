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
    people, delay = scale.pick((20_000, 0.1), (2_500, 0.1))
    stay = scale.pick(6.0, 1.5)
    with ground.scene(
        people, delay=delay, window=size, chunk_size=size, lease_seconds=ground.OWN_LEASE
    ) as scene:
        clock = Clock(scene.ground.folder / "clock", str(found[0]))
        scene.workers(1)
        jumps = clock.worry(scene, "day", _JUMPS, stay)
        sleeps = clock.worry(scene, "all", _SLEEPS, stay)
        on_day = checker.judge(scene.log, scene.meant, scene.listed, "day").duplicates
        figure = scene.figure(
            jumps=jumps, sleeps=sleeps, duplicates_by_day=on_day, bound=len(_SLEEPS) * _CONNECTIONS
        )
    return ground.verdict(
        8,
        "clocks that jump by an hour and a day",
        "lost 0; duplicates 0 by the time of day, <= bound and listed after a sleep",
        figure,
        jumps == len(_JUMPS),
        sleeps == len(_SLEEPS),
        on_day == 0,
        figure["duplicates"] <= figure["bound"],
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one worker: it goes by what a file says."""

    file: Path
    library: str

    def worry(self, scene: ground.Scene, which: str, jumps: tuple[str, ...], stay: float) -> int:
        """Let the time of `day`, or `all` clocks, of one worker jump; return how often in mid-blast.

        A steady worker is beside it.
        """
        self._say("+0")
        worker = scene.worker(self._environment(which))
        scene.ready()
        broadcast, done = scene.press(which), 0
        for jump in jumps:
            ground.wait_for(
                lambda: scene.promised(worker) or scene.watch.finished(broadcast),
                "it holds something",
            )
            self._say(jump)
            time.sleep(_CACHED + stay)
            done += not scene.watch.finished(broadcast)
        scene.watch.wait(broadcast, 300.0)
        worker.check()
        scene.kill(worker)
        return done

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
