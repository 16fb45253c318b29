"""A disk that is full while somebody presses 送信: first data can't grow, then the log of PostgreSQL can't.

Where a table can't grow, PostgreSQL refuses the statement and goes on (`disk_full`, 53100). Where its log can't, it
ends at once, and can't start until there is room: whoever presses then finds no database.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from chaos import ground
from chaos.ground import Scene
from chaos.pressing import Presser, gather

#: Seconds in which everything must work again.
AGAIN = 30.0
_SIZE = "400m"
#: As whoever has a small disk sets it: else the log alone may grow to 4 GB between two checkpoints, and fill it.
SETTINGS = {"max_wal_size": "64MB"}
#: Seconds that the disk stays full at least, and until somebody was refused at most.
_FULL, _REFUSED = 10.0, 60.0
#: Workers that send meanwhile.
WORKERS = 2
#: People of a press: their audience does not fit into the pages there are.
_PEOPLE = 400
#: How those who press are refused in each stage.
_STAGES = {"data": ("disk full",), "log": ("disk full", "database away")}
#: Begins one more file of the log, and writes into it.
_SWITCH = "SELECT pg_logical_emit_message(true, 'chaos', ''), pg_switch_wal()"


def endured(scene: Scene, presses: int) -> dict[str, Any]:
    """Fill the disk twice, in the middle of a blast each; return what became of it and of each press."""
    marks = {stage: [f"{stage}-{number}" for number in range(presses)] for stage in _STAGES}
    members = gather(scene, [mark for each in marks.values() for mark in each], _PEOPLE)
    scene.workers(WORKERS)
    found: dict[str, Any] = {}
    for stage, answers in _STAGES.items():
        broadcast = scene.press(f"full-{stage}")
        scene.wait_received(scene.received() + 100)
        presser = Presser(scene, marks[stage], members)
        found[stage] = _stage(scene, presser, answers, _end_the_log if stage == "log" else _nothing)
        scene.watch.wait(broadcast, 300.0)
    return found


def _stage(
    scene: Scene, presser: Presser, answers: tuple[str, ...], worsen: Callable[[], object]
) -> dict[str, Any]:
    ballast = scene.ground.folder / "home" / "ballast"
    _fill(ballast)
    worsen()
    presser.start()
    begun = time.monotonic()
    while (past := time.monotonic() - begun) < _FULL or not presser.told(*answers):
        if past > _REFUSED or presser.has_ended:
            break
        _fill(ballast)
        time.sleep(0.2)
    ballast.unlink()
    again = _again(scene)
    presser.join()
    return {
        "felt": presser.told(*answers) > 0,
        "presses": {mark: dict(told) for mark, told in presser.answers.items()},
        "unclear": presser.unclear,
        "full_s": round(past, 1),
        "again_s": round(again, 1),
    }


def _nothing() -> None:
    """Let it be as it is: the tables can't grow."""


def _end_the_log() -> None:
    """Use up the files of the log that there are; returns when the database is away."""
    deadline = time.monotonic() + _REFUSED
    with suppress(psycopg.OperationalError):
        while time.monotonic() < deadline:
            ground.ask(_SWITCH)


def _again(scene: Scene) -> float:
    """Return the seconds until deliveries are recorded again, or none waits."""
    began = time.monotonic()
    before = ground.patiently(scene.accepted)
    ground.wait_for(
        lambda: ground.patiently(lambda: scene.accepted() > before or not _waits()),
        "deliveries are recorded again",
    )
    return time.monotonic() - began


def _waits() -> bool:
    return ground.ask("SELECT FROM delivery WHERE state = 0 LIMIT 1") != []


def _fill(ballast: Path) -> None:
    """Write until nothing more goes."""
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0" * 65_536)


def is_mounted(scene: Scene) -> bool:
    """Tell whether the database's home is the small disk."""
    return os.path.ismount(scene.ground.folder / "home")


@contextmanager
def small_disk(home: Path) -> Iterator[None]:
    """Mount a small tmpfs there, where that is allowed."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=755", "denrei-chaos", str(home)]
    mounted = subprocess.run(words, check=False, capture_output=True).returncode == 0
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", str(home)], check=True)
