"""Row 5: mail servers that behave badly, one kind after the other, beside a healthy one on one worker."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from chaos import fates
from chaos.ground import ask
from chaos.row import Row, Scale
from denrei.project.demo.actors import acting
from tools import ground as base
from tools.ground import Ground

#: People of each town whose server is hostile, at both scales; who says an octet a second gets few.
_PEOPLE, _SLOW = (300, 90), (40, 12)
#: Seconds until a retry, of each refusal; the tenth try ends it.
_RETRIES = [1] * 9
#: Seconds that the hostile ones get to be in full swing before the healthy one is pressed.
_SWING = 1.0
#: The healthy one may take so many times as long as alone.
_SLOWER = 2.0
#: Seconds from the return of a server that was away to its last mail.
_RECOVERS = 30.0
_TARGET = (
    "lost 0, open 0, untrue 0; duplicates <= connections that ended after the dot;"
    f" the healthy server's broadcast at most {_SLOWER} x as long as alone;"
    f" a server that comes back is done within {_RECOVERS:.0f} s"
)
_HURRY = "UPDATE delivery SET next_at = now() WHERE next_at > now()"
_WAITING = "SELECT count(*) FROM delivery WHERE state = 0 AND broadcast_id = ANY(%s)"
_FATES = "SELECT address, state FROM delivery WHERE broadcast_id = %s"


def run(scale: Scale) -> Row:
    """Press each hostile town on top of those before, and the healthy one each time."""
    tempers = scale.pick(
        ("away", "reset", "busy", "leaves", "temporary", "drip", "cuts", "shouts", "mixed"),
        ("mixed", "drip"),
    )
    with base.ground() as where, ExitStack() as stack:
        log = where.folder / "hostile.jsonl"
        words = ["chaos.hostile", "--log", str(log)]
        ports = stack.enter_context(acting("hostile", words, where.folder)).first_line()
        healthy = _town(where, ports["healthy"], scale.pick(2_000, 600))
        worker = stack.enter_context(base.worker(where))
        alone = [_seconds(healthy) for _ in range(3)]
        pressed, beside = {}, {}
        for name in tempers:
            people = scale.pick(*(_SLOW if name == "drip" else _PEOPLE))
            pressed[name] = _press(_town(where, ports[name], people))
            time.sleep(_SWING)
            beside[name] = [_seconds(healthy) for _ in range(scale.pick(3, 2))]
        _settle(list(pressed.values()), scale.pick(420.0, 180.0))
        alone += [_seconds(healthy) for _ in range(3)]
        worker.check()
        figure = {
            "by_temper": {
                name: asdict(_judged(log, broadcast))
                | {"slower": round(median(beside[name]) / median(alone), 2)}
                for name, broadcast in pressed.items()
            },
            "healthy_alone_s": round(median(alone), 2),
            "worker_mb": _peak(worker.process.pid),
            "recovered_s": fates.seconds_to_recover(log, "away") if "away" in pressed else None,
        }
    return _row(figure)


def _town(where: Ground, port: object, people: int) -> Ground:
    town = Ground(where.folder)
    town.people(people)
    town.gateway(int(str(port)), retry_seconds=_RETRIES)
    return town


def _press(town: Ground) -> int:
    """Launch as a page does: the worker's role, which a ground has, sees the lanes of all towns."""
    from denrei.accounts import tenancy

    with tenancy.acting_for(town.organization.pk):
        tenancy.as_application()
        return town.press()


def _seconds(town: Ground) -> float:
    """Press, and return the seconds until every delivery is recorded."""
    began = time.perf_counter()
    town.settled(_press(town))
    return time.perf_counter() - began


def _settle(broadcasts: list[int], seconds: float) -> None:
    """Let the time of retries have come, until nothing waits; what still does is judged as open."""
    deadline = time.monotonic() + seconds
    while ask(_WAITING, (broadcasts,)) != [(0,)] and time.monotonic() < deadline:
        ask(_HURRY)
        time.sleep(1.0)


def _judged(log: Path, broadcast: int) -> fates.Fates:
    rows = ask(_FATES, (broadcast,))
    return fates.judge(log, [(str(address), int(state)) for address, state in rows])


def _peak(pid: int) -> int:
    """Return the most memory that a process had, in MB (proc(5), VmHWM in kB)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def _row(figure: dict[str, Any]) -> Row:
    found = figure["by_temper"].values()
    wrong = sum(one[what] for one in found for what in ("open", "lost", "untrue", "unlike"))
    return Row(
        number=5,
        name="hostile mail servers",
        figure=figure,
        target=_TARGET,
        passed=not wrong
        and all(one["duplicates"] <= one["cuts"] for one in found)
        and all(one["slower"] <= _SLOWER for one in found)
        and (figure["recovered_s"] or 0.0) <= _RECOVERS,
    )
