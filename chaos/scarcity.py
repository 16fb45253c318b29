"""Row 9: too few file descriptors, too little memory, and a disk that is full while people press 送信.

The database's home is a small tmpfs that the row mounts and unmounts; where it may not mount, it says so and
does the rest. A worker that ends is started again, as systemd does.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from chaos import ground
from chaos.ground import Scene
from chaos.pressing import Presser
from chaos.row import Row, Scale
from denrei.project.demo.actors import Actor

#: Descriptors of the starved worker; its gateway alone may use more connections than that.
_FILES, _CONNECTIONS = 64, 100
_DISK = "400m"
#: Seconds that the disk stays full at least, and until somebody was refused at most; in which everything must
#: work again.
_FULL, _REFUSED, _AGAIN = 15.0, 120.0, 30.0
_SEVERAL = 2
_TARGET = (
    "lost 0 and nothing broken; each shortage was felt; what was pressed meanwhile was refused or kept;"
    f" works again within {_AGAIN:.0f} s by itself"
)


def run(scale: Scale) -> Row:
    """Starve a worker of descriptors, then of memory, then fill the disk."""
    people = scale.pick(20_000, 2_000)
    lane = {"window": 100, "chunk_size": 100, "connections": _CONNECTIONS}
    with ground.scene(people, delay=scale.pick(0.05, 0.1), on=_small_disk, **lane) as scene:
        files = _few_files(scene)
        memory = _little_memory(scene)
        disk = _full_disk(scene, scale.pick(3, 1)) if _is_mounted(scene) else None
        for one in scene.marks:
            scene.watch.wait(one, 300.0)
        bound = (memory["ended"] + _SEVERAL * bool(disk)) * lane["window"]
        figure = scene.figure(
            files=files, memory=memory, disk=disk or "not run: may not mount here", bound=bound
        )
    felt = files["felt"] > 0 and memory["felt"] > 0
    if disk:
        felt &= disk["refused"] > 0 and disk["again_s"] <= _AGAIN
    return ground.verdict(
        9, "disk, files, memory", _TARGET, figure, felt, figure["duplicates"] <= bound
    )


def _few_files(scene: Scene) -> dict[str, Any]:
    worker = scene.worker()
    resource.prlimit(worker.process.pid, resource.RLIMIT_NOFILE, (_FILES, _FILES))
    broadcast = scene.press("files")
    deadline = time.monotonic() + 300
    while not scene.watch.finished(broadcast) and time.monotonic() < deadline:
        if worker.process.poll() is not None:
            break  # told by `ended_by_themselves`; somebody else goes on
        time.sleep(0.1)
    felt = _said(scene, worker, "smtp.connection.failed")
    if worker.process.poll() is None:
        scene.kill(worker)
    return {"limit": _FILES, "felt": felt}


def _little_memory(scene: Scene) -> dict[str, Any]:
    """Let a worker have no more memory than it took to start; where it ends, start another one with enough."""
    worker, ended = scene.worker(), 0
    limit = _size(worker.process.pid)
    resource.prlimit(worker.process.pid, resource.RLIMIT_AS, (limit, limit))
    broadcast = scene.press("memory")
    deadline = time.monotonic() + 60
    while not scene.watch.finished(broadcast) and time.monotonic() < deadline:
        if worker.process.poll() is not None:
            ended += 1
            scene.crew.remove(worker)
            scene.worker()
            break
        time.sleep(0.1)
    felt = _said(scene, worker, "MemoryError") + _said(scene, worker, "annot allocate memory")
    scene.watch.wait(broadcast, 120.0)
    for actor in list(scene.crew):
        scene.kill(actor)
        ended += 1
    return {"felt": felt, "ended": ended}


def _full_disk(scene: Scene, presses: int) -> dict[str, Any]:
    """Fill the disk in mid-blast, and let somebody press; then make room."""
    scene.workers(_SEVERAL)
    scene.press("disk")
    scene.wait_received(scene.received() + 100)
    presser = Presser(scene, [f"press-{n}" for n in range(presses)], 20)
    ballast = _home(scene) / "ballast"
    _fill(ballast)
    presser.start()
    begun = time.monotonic()
    while (past := time.monotonic() - begun) < _FULL or (not presser.repeats and past < _REFUSED):
        _fill(ballast)
        time.sleep(0.2)
    refused = presser.repeats
    ballast.unlink()
    began = time.monotonic()
    before = ground.patiently(scene.accepted)
    ground.wait_for(
        lambda: ground.patiently(scene.accepted) > before or not _waiting(),
        "deliveries are recorded again",
    )
    again = time.monotonic() - began
    presser.join()
    return {
        "refused": refused,
        "acknowledged": len(presser.acknowledged),
        "again_s": round(again, 1),
    }


def _waiting() -> bool:
    return ground.patiently(
        lambda: ground.ask("SELECT FROM delivery WHERE state = 0 LIMIT 1") != []
    )


def _fill(ballast: Path) -> None:
    """Write until nothing more goes."""
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0" * 65_536)


def _said(scene: Scene, actor: Actor, words: str) -> int:
    return (scene.ground.folder / f"{actor.name}.log").read_text(errors="replace").count(words)


def _size(pid: int) -> int:
    """Return the address space of a process, in bytes (proc(5), statm counts pages)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


def _home(scene: Scene) -> Path:
    return scene.ground.folder / "home"


def _is_mounted(scene: Scene) -> bool:
    return os.path.ismount(_home(scene))


@contextmanager
def _small_disk(home: Path) -> Iterator[None]:
    """Mount a small tmpfs there, where that is allowed."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=755", "denrei-chaos", str(home)]
    mounted = subprocess.run(words, check=False, capture_output=True).returncode == 0
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", str(home)], check=True)
