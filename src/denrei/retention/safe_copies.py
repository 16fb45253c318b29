"""When the installation was last backed up, and when a backup was last rehearsed (OPS-8).

A small file in its home, beside the embedded database: so a home that was just restored says truly
that nobody has backed it up yet. Written whole or not at all.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

NAME = "safe-copies.json"
#: A backup that is older is too old; a week, and a day for whoever does it on another weekday.
BACKUP_AGE = timedelta(days=8)
#: A restore that nobody rehearsed for so long may fail when it is needed.
REHEARSAL_AGE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """The last backup that was written to its end."""

    at: datetime
    file: str
    octets: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The last backup that was restored for trial and found whole."""

    at: datetime
    file: str
    #: Of the backup.
    made_at: datetime
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeCopies:
    """What is known of backups; None: it was never done, or the file can't be read."""

    backup: Backup | None = None
    rehearsal: Rehearsal | None = None

    @classmethod
    def read(cls, home: Path) -> Self:
        """Read what a home says."""
        try:
            told = json.loads((home / NAME).read_text(encoding="utf-8"))
            return cls(
                backup=Backup(**_times(told["backup"])) if told.get("backup") else None,
                rehearsal=Rehearsal(**_times(told["rehearsal"])) if told.get("rehearsal") else None,
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the last backup is too old, or there is none."""
        return self.backup is None or now - self.backup.at > BACKUP_AGE

    def is_unrehearsed(self, now: datetime) -> bool:
        """Tell whether no backup was rehearsed for too long."""
        return self.rehearsal is None or now - self.rehearsal.at > REHEARSAL_AGE


def note(home: Path, done: Backup | Rehearsal) -> None:
    """Keep it beside what is known of the other. OSError."""
    known = SafeCopies.read(home)
    told = asdict(known) | {"backup" if isinstance(done, Backup) else "rehearsal": asdict(done)}
    handle, name = tempfile.mkstemp(prefix=f".{NAME}.", dir=home)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, default=datetime.isoformat)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(home / NAME)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _times(told: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with their times read; ValueError where one has no time zone."""
    found = {
        name: datetime.fromisoformat(value) if name in {"at", "made_at"} else value
        for name, value in told.items()
    }
    if any(isinstance(one, datetime) and one.tzinfo is None for one in found.values()):
        raise ValueError(NAME)
    return found
