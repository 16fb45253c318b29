"""The sign of life of a piece of work: written each second beside its transaction, so that it is seen."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now

from denrei.accounts import tenancy
from denrei.directory.intake.models import RUNNING, PeopleImport

_log = logging.getLogger(__name__)
#: Seconds between two signs.
EVERY = 1.0


class LostError(Exception):
    """The work is no longer wanted: cancelled, or begun anew by somebody else."""


class Beat:
    """Counts rows for whoever works, and tells them to whoever watches."""

    def __init__(self, one: PeopleImport) -> None:
        self._one = one
        self._end = threading.Event()
        self._is_lost = False
        self._rows = 0
        #: About how many rows there are; 0 where nobody knows.
        self.expected = one.rows_expected

    def row(self) -> None:
        """Count one row. Raises LostError."""
        self._rows += 1
        if self._is_lost:
            raise LostError

    def expect(self, rows: int) -> None:
        """Learn about how many rows there are, with the header."""
        self.expected = max(0, rows - 1)

    def _go_on(self) -> None:
        """Run in a thread of its own, hence on a connection of its own."""
        while not self._end.wait(EVERY):
            try:
                self._tell()
            except (DatabaseError, InterfaceError) as error:
                _log.info("no sign of life", extra={"why": " ".join(str(error).split())})
                connection.close()
        connection.close()

    def _tell(self) -> None:
        one = self._one
        with tenancy.acting_for(one.organization_id):
            mine = PeopleImport.objects.filter(pk=one.pk, run=one.run, state__in=RUNNING)
            if not mine.update(rows_done=self._rows, rows_expected=self.expected, moved_at=Now()):
                self._is_lost = True


@contextmanager
def beating(one: PeopleImport) -> Iterator[Beat]:
    """Give signs of life for the time of a piece of work."""
    beat = Beat(one)
    thread = threading.Thread(target=beat._go_on, name="import's beat")
    thread.start()
    try:
        yield beat
    finally:
        beat._end.set()
        thread.join()
