"""Reads the board's two equations all the time: they must hold at each look (NEW-1)."""

from __future__ import annotations

import threading
import time
from typing import Any

#: Seconds between two looks at all broadcasts.
_PAUSE = 0.1


class Watch(threading.Thread):
    """Looks at broadcasts until `stop()`, through a connection of its own that it opens again."""

    def __init__(self, organization: int) -> None:
        super().__init__(daemon=True)
        self._organization = organization
        self._ended = threading.Event()
        self._open: set[int] = set()
        #: The newest board of each broadcast.
        self.boards: dict[int, Any] = {}
        self.looks = 0
        #: Looks at which an equation did not hold, in words.
        self.broken: list[str] = []
        #: Looks for which the database was away.
        self.away = 0

    def follow(self, broadcast: int) -> None:
        """Look at this one, too."""
        self._open = self._open | {broadcast}

    def finished(self, broadcast: int) -> bool:
        """Tell whether the broadcast has ended: 連絡終了."""
        return broadcast in self.boards and bool(self.boards[broadcast].finished)

    def wait(self, broadcast: int, seconds: float) -> bool:
        """Wait until the broadcast has ended; False where it takes longer."""
        deadline = time.monotonic() + seconds
        while not self.finished(broadcast):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def run(self) -> None:
        """Look until `stop()`."""
        from django.db import connections

        while not self._ended.wait(_PAUSE):
            for broadcast in self._open:
                if not self.finished(broadcast):
                    self._look(broadcast)
        connections.close_all()

    def stop(self) -> None:
        """End; returns when the connection is closed."""
        self._ended.set()
        self.join()

    def _look(self, broadcast: int) -> None:
        from django.db import DatabaseError, connections

        from denrei.reports.board import board

        try:
            look = board(self._organization, broadcast)
        except DatabaseError:
            self.away += 1
            connections.close_all()
            return
        self.looks += 1
        if not look.holds:
            self.broken.append(f"{look.people.equation()} / {look.deliveries.equation()}")
        self.boards[broadcast] = look
