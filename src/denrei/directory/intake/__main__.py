"""The process of one piece of work: `python -m denrei.directory.intake ORGANIZATION IMPORT RUN`.

Beside the worker, not in it: judging rows would keep the senders' loop waiting, and a file that
takes more memory than there is would take the senders along.
"""

from __future__ import annotations

import os
import resource
import signal
import sys

import django

#: Bytes that the process may take; a file of 1,000,000 rows takes some 400 MB.
_MOST_MEMORY = 2 << 30
#: Who sends goes first.
_NICE = 10
_INTERRUPTED = 130


def main(organization: str, people_import: str, run: str) -> int:
    """Work; SIGTERM hands the work back to the next worker."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    os.nice(_NICE)
    try:
        django.setup()
        from denrei.directory.intake import running  # noqa: PLC0415  # needs Django

        running.work(int(organization), int(people_import), int(run))
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
