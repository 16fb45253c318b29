"""Row 9: too few file descriptors, too little memory, and a disk that is full while people press 送信.

The database's home is a small tmpfs that the row mounts and unmounts; where it may not mount, it says so and
does the rest. A worker that ends is started again, as systemd does.
"""

from __future__ import annotations

import resource
import time
from pathlib import Path
from typing import Any

from chaos import full, ground
from chaos.ground import Scene
from chaos.row import Row, Scale
from denrei.project.demo.actors import Actor

#: Descriptors of the starved worker; its gateway alone may use more connections than that.
_FILES, _CONNECTIONS = 64, 100
#: Rows on the wire and not recorded; rows that a worker loads at once where its memory is scarce.
_WINDOW, _MANY = 100, 2_000
#: What a process says whose memory ends: Python, the system, a thread without a stack, and libraries in Rust.
_ENDED = (
    "MemoryError",
    "annot allocate memory",
    "can't start new thread",
    "memory allocation of",
)
#: Presses until a worker's memory has ended.
_PRESSES = 5
_TARGET = (
    "lost 0 and nothing broken; each shortage was felt; what was pressed meanwhile was refused in clear words or"
    f" kept; works again within {full.AGAIN:.0f} s by itself"
)


def run(scale: Scale) -> Row:
    """Starve a worker of descriptors, then of memory, then fill the disk."""
    people = scale.pick(20_000, 2_000)
    lane = {"window": _WINDOW, "chunk_size": _WINDOW, "connections": _CONNECTIONS}
    small: dict[str, Any] = {"on": full.small_disk, "settings": full.SETTINGS}
    with ground.scene(people, delay=scale.pick(0.05, 0.1), **small, **lane) as scene:
        shortages = {
            "files": _few_files(scene),
            "memory": _little_memory(scene, scale.pick(1, 3)),
        }
        in_doubt = shortages["memory"]["ended"]
        if full.is_mounted(scene):
            told = full.endured(scene, scale.pick(3, 2))
            in_doubt += full.WORKERS * len(told)
            shortages |= told
        for one in scene.marks:
            scene.watch.wait(one, 300.0)
        disk = "full twice" if full.is_mounted(scene) else "not run: may not mount here"
        figure = scene.figure(**shortages, disk=disk, bound=in_doubt * _WINDOW)
    return ground.verdict(
        9,
        "disk, files, memory",
        _TARGET,
        figure,
        all(one["felt"] for one in shortages.values()),
        not any(one.get("unclear") for one in shortages.values()),
        scale.short or all(one.get("again_s", 0) <= full.AGAIN for one in shortages.values()),
        figure["duplicates"] <= figure["bound"],
    )


def _few_files(scene: Scene) -> dict[str, Any]:
    worker = scene.worker()
    resource.prlimit(worker.process.pid, resource.RLIMIT_NOFILE, (_FILES, _FILES))
    broadcast, most = scene.press("files"), 0
    deadline = time.monotonic() + 300
    while not scene.watch.finished(broadcast) and time.monotonic() < deadline:
        if worker.process.poll() is not None:
            break  # told by `ended_by_themselves`; somebody else goes on
        most = max(most, sum(1 for _ in Path(f"/proc/{worker.process.pid}/fd").iterdir()))
        time.sleep(0.1)
    refused = _said(scene, worker, "smtp.connection.failed")
    if worker.process.poll() is None:
        scene.kill(worker)
    return {"felt": refused > 0, "limit": _FILES, "open": most, "refused": refused}


def _little_memory(scene: Scene, count: int) -> dict[str, Any]:
    """Let a worker that listens have no more memory than it has; where it ends, start another one."""
    ground.ask("UPDATE lane SET chunk_size = %s", (_MANY,))
    worker = scene.worker()
    scene.ready()
    limit = _memory(worker.process.pid)
    resource.prlimit(worker.process.pid, resource.RLIMIT_DATA, (limit, limit))
    felt = presses = 0
    while not felt and presses < _PRESSES:
        presses += 1
        broadcasts = [scene.press(f"memory-{presses}-{number}") for number in range(count)]
        felt = _watched(scene, worker, broadcasts)
    if ended := worker.process.poll() is not None:
        scene.crew.remove(worker)
        scene.worker()
    for broadcast in broadcasts:
        scene.watch.wait(broadcast, 300.0)
    for actor in list(scene.crew):
        scene.kill(actor)
    ground.ask("UPDATE lane SET chunk_size = %s", (_WINDOW,))
    return {"felt": felt > 0, "limit": limit, "presses": presses, "said": felt, "ended": int(ended)}


def _watched(scene: Scene, worker: Actor, broadcasts: list[int]) -> int:
    """Wait until the broadcasts have ended, or the worker has; return how often its memory had."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and worker.process.poll() is None:
        if all(scene.watch.finished(one) for one in broadcasts):
            break
        time.sleep(0.1)
    return sum(_said(scene, worker, words) for words in _ENDED)


def _said(scene: Scene, actor: Actor, words: str) -> int:
    return (scene.ground.folder / f"{actor.name}.log").read_text(errors="replace").count(words)


def _memory(pid: int) -> int:
    """Return what a process may write of its own, in bytes (proc(5), VmData)."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmData:"))) * 1024
