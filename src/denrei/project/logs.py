"""Logs of a process: one line for each event on standard error, keys and values, no personal data.

What is logged names ids; addresses, numbers and texts never (the ledger keeps them).
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

#: What every record has; the rest are the event's own keys.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Keys(logging.Formatter):
    """`2026-11-22T07:13:00.123Z WARNING denrei.deliveries.janitor lease over chunk=7 lane=1`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and the traceback of an error below it."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        words = [at.replace("+00:00", "Z"), record.levelname, record.name, record.getMessage()]
        extras = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        words += [f"{name}={value!s}".replace("\n", " ") for name, value in extras.items()]
        line = " ".join(words)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def set_up(level: str) -> None:
    """Log ours from `level` on, of libraries what is a warning."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Keys())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("denrei").setLevel(level)
    # a warning for each wrong password, that names nobody: the audit trail tells of the locks
    logging.getLogger("axes").setLevel(logging.ERROR)
