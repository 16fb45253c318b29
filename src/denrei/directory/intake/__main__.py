"""The process of one piece of work: `python -m denrei.directory.intake ORGANIZATION IMPORT RUN`.

Beside the worker, not in it: judging rows would keep the senders' loop waiting, and a file that
takes more memory than there is would take the senders along.

The work has a thread of its own, and the main one waits for its end or a signal: an exception that
a signal raises could come anywhere, in the middle of a rollback too.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import traceback
from queue import SimpleQueue
from threading import Thread

import django

#: Bytes that the process may take; a file of 1,000,000 rows takes some 400 MB.
_MOST_MEMORY = 2 << 30
#: Who sends goes first.
_NICE = 10
_BROKEN, _INTERRUPTED = 1, 130


def main(organization: str, people_import: str, run: str) -> int:
    """Work; SIGTERM hands the work back to the next worker."""
    said: SimpleQueue[int] = SimpleQueue()  # may be put into by a signal's handler
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: said.put(_INTERRUPTED))
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    os.nice(_NICE)
    django.setup()
    from denrei.directory.intake import running  # noqa: PLC0415  # needs Django

    work = (int(organization), int(people_import), int(run))

    def do() -> None:
        try:
            running.work(*work)
        except BaseException:  # noqa: BLE001  # the main thread has to learn of it, whatever it is
            traceback.print_exc()
            said.put(_BROKEN)
        else:
            said.put(0)

    Thread(target=do, name="import", daemon=True).start()
    code = said.get()
    if code == _INTERRUPTED:
        running.hand_back(*work)
    return code


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    sys.stderr.flush()
    os._exit(status)  # what the thread does is taken back by the database
