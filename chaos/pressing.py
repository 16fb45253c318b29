"""Somebody at a keyboard: sends broadcasts by the command until each is acknowledged, as an operator would."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from chaos.ground import Scene, ask, patiently

#: The group whom the presses are for.
_GROUP = "G"
_NUMBER = re.compile(r"連絡番号 (\d+)")
#: Seconds until a press is repeated, and until the whole is given up.
_PAUSE, _PATIENCE = 0.3, 180.0


class Presser:
    """Presses in a thread of its own; what was acknowledged is followed by the scene."""

    def __init__(self, scene: Scene, marks: list[str], people: int) -> None:
        self._scene, self._marks = scene, marks
        self._members = _gather(scene, marks, people)
        #: Acknowledged: mark → number of the broadcast.
        self.acknowledged: dict[str, int] = {}
        #: Presses that ended without one, and were repeated.
        self.repeats = 0
        self._thread = threading.Thread(target=self._press_all, daemon=True)
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to press."""
        self._thread.start()
        self._scene.stack.callback(self._end)

    def join(self) -> None:
        """Wait for the last acknowledgement."""
        self._thread.join()

    def _end(self) -> None:
        """Press no more; returns when the last command has ended."""
        self._ended.set()
        self._thread.join()

    def _press_all(self) -> None:
        for mark in self._marks:
            if self._ended.is_set():
                return
            patiently(lambda mark=mark: self._scene.mean(mark, self._members))
            deadline = time.monotonic() + _PATIENCE
            while (number := press(self._scene, mark)) is None and time.monotonic() < deadline:
                self.repeats += 1
                if self._ended.wait(_PAUSE):
                    return
            if number is not None:
                self.acknowledged[mark] = number
                self._scene.follow(number, mark)


def press(
    scene: Scene,
    mark: str,
    *,
    everybody: bool = False,
    meanwhile: Callable[[subprocess.Popen[str]], object] | None = None,
) -> int | None:
    """Press once by the command; return the number it was acknowledged with, None: it was not.

    `meanwhile` is called with the process that presses.
    """
    path: Path = scene.ground.folder / f"{mark}.json"
    audience = {"everybody": True} if everybody else {"groups": [_GROUP]}
    told = {"key": mark, "incident": mark, "sender": "防災課", "answers": ["無事です"]}
    told |= {"occurred_at": "2026-09-01T09:00:00+09:00"}
    path.write_text(json.dumps({**told, "audience": audience}), encoding="utf-8")
    words = ["broadcast", "send", str(path), "--organization", scene.ground.organization.slug]
    process = subprocess.Popen(
        [sys.executable, "-m", "denrei.project", *words, "--yes"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        if meanwhile is not None:
            meanwhile(process)
        said, _ = process.communicate()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    found = _NUMBER.search(said)
    return int(found[1]) if found and process.returncode == 0 else None


def furnish(scene: Scene, marks: list[str]) -> None:
    """Give the organization its first words, and an incident type for each mark: the subject."""
    from denrei.accounts import tenancy
    from denrei.broadcasts import presets
    from denrei.broadcasts.models import IncidentType

    organization = scene.ground.organization
    presets.furnish(organization)
    with tenancy.acting_for(organization.pk):
        for number, mark in enumerate(marks, 900):
            IncidentType.objects.create(
                organization=organization, code=str(number), name=mark, name_en=mark
            )


def _gather(scene: Scene, marks: list[str], people: int) -> list[int]:
    """Make the group; return its members."""
    furnish(scene, marks)
    chosen = list(scene.ground.some(people))
    ask(
        "WITH g AS (INSERT INTO contact_group (organization_id, code, name) VALUES (%s, %s, %s)"
        " RETURNING organization_id, id) INSERT INTO group_member (organization_id, group_id, recipient_id)"
        " SELECT g.organization_id, g.id, unnest(%s) FROM g",
        (scene.ground.organization.pk, _GROUP, _GROUP, chosen),
    )
    return chosen
