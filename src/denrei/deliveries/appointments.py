"""The clock of the workers: looks which 予約 and reminders are due and has them launched.

Each worker looks by itself; `scheduling` and `reminding` see to it that one of them launches. It
stands apart from the janitor, which must not wait while an audience of a million is frozen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from django.db import Error, close_old_connections, connections

from denrei.deliveries import reminding, scheduling
from denrei.deliveries.connection import LedgerConnection

_log = logging.getLogger(__name__)

#: Seconds between looks.
LOOK_SECONDS = 1.0
#: The statement that tells what is due, and the verb that one of the workers carries out.
_DUE: Mapping[str, Callable[[int, int], None]] = {
    "scheduled_due": scheduling.launch_due,
    "reminder_due": reminding.remind_due,
}


async def keep(connection: LedgerConnection) -> None:
    """Look for ever. The launches run in a thread of their own, with a connection of Django's."""
    with ThreadPoolExecutor(1, "appointments") as thread:
        try:
            while True:
                for statement, verb in _DUE.items():
                    for due in await connection.run(statement, {}):
                        await asyncio.get_running_loop().run_in_executor(thread, _do, verb, *due)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            thread.submit(connections.close_all)


def _do(verb: Callable[[int, int], None], organization_id: int, due_id: int) -> None:
    close_old_connections()
    try:
        verb(organization_id, due_id)
    except Error as error:  # it waits, and is looked at again
        _log.warning("not launched", extra={"id": due_id, "why": str(error)})
