"""Somebody at a keyboard: sends broadcasts by the command until each is acknowledged, as an operator would."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chaos.ground import Scene, ask

#: The group whom the presses are for.
_GROUP = "G"
_NUMBER = re.compile(r"連絡番号 (\d+)")
#: Seconds until a press is repeated, and until the whole is given up.
_PAUSE, _PATIENCE = 0.3, 180.0
#: How a refusal begins whose reason is the database, and what it advises where the disk is full.
_AWAY = ("データベースが処理を続けられません。", "データベースにつながりません。")
_FULL = "ディスクの空きを増やして"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What became of one press: the number it was acknowledged with, or None and why not."""

    number: int | None
    #: What the command said on standard error.
    words: str = ""

    @property
    def answer(self) -> str:
        """Return it in a word: kept, or refused for a full disk, for the database, unclearly."""
        if self.number is not None:
            return "kept"
        if not self.words.startswith(_AWAY):
            return "unclear"
        return "disk full" if _FULL in self.words else "database away"


class Presser:
    """Presses in a thread of its own; what was acknowledged is followed by the scene."""

    def __init__(self, scene: Scene, marks: list[str], members: list[int]) -> None:
        """Press each mark to the members that `gather` returned; they are written down at once."""
        self._scene, self._marks = scene, marks
        for mark in marks:
            scene.mean(mark, members)
        #: Acknowledged: mark → number of the broadcast.
        self.acknowledged: dict[str, int] = {}
        #: What became of each press, by mark: how often in each of the words of `Pressed.answer`.
        self.answers: dict[str, Counter[str]] = {mark: Counter() for mark in marks}
        #: What was said to those that were refused unclearly.
        self.unclear: list[str] = []
        self._thread = threading.Thread(target=self._press_all, daemon=True)
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to press."""
        self._thread.start()
        self._scene.stack.callback(self._end)

    def told(self, *answers: str) -> int:
        """Return how many presses had one of these answers."""
        return sum(one[answer] for one in self.answers.values() for answer in answers)

    @property
    def repeats(self) -> int:
        """Return how many presses ended without an acknowledgement, and were repeated."""
        return sum(one.total() - one["kept"] for one in self.answers.values())

    @property
    def has_ended(self) -> bool:
        """Tell whether there is nothing more to press."""
        return not self._thread.is_alive()

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
            deadline = time.monotonic() + _PATIENCE
            while (number := self._pressed(mark)) is None and time.monotonic() < deadline:
                if self._ended.wait(_PAUSE):
                    return
            if number is not None:
                self.acknowledged[mark] = number
                self._scene.follow(number, mark)

    def _pressed(self, mark: str) -> int | None:
        pressed = press(self._scene, mark)
        self.answers[mark][pressed.answer] += 1
        if pressed.answer == "unclear":
            self.unclear.append(pressed.words[-500:])
        return pressed.number


def press(
    scene: Scene,
    mark: str,
    *,
    everybody: bool = False,
    meanwhile: Callable[[subprocess.Popen[str]], object] | None = None,
) -> Pressed:
    """Press once by the command; return what it said.

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
        said, refusal = process.communicate()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    found = _NUMBER.search(said)
    number = int(found[1]) if found and process.returncode == 0 else None
    return Pressed(number=number, words=refusal)


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


def gather(scene: Scene, marks: list[str], people: int) -> list[int]:
    """Furnish the organization for these marks, make the group, and return its members."""
    furnish(scene, marks)
    chosen = list(scene.ground.some(people))
    ask(
        "WITH g AS (INSERT INTO contact_group (organization_id, code, name) VALUES (%s, %s, %s)"
        " RETURNING organization_id, id) INSERT INTO group_member (organization_id, group_id, recipient_id)"
        " SELECT g.organization_id, g.id, unnest(%s) FROM g",
        (scene.ground.organization.pk, _GROUP, _GROUP, chosen),
    )
    return chosen
