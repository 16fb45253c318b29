"""The clock of the workers: looks which 予約 are due and has them launched.

Each worker looks by itself; `scheduling` sees to it that one of them launches. It stands apart
from the janitor, which must not wait while an audience of a million is frozen.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from django.db import Error, close_old_connections, connections

from denrei.deliveries import scheduling
from denrei.deliveries.connection import LedgerConnection

_log = logging.getLogger(__name__)

#: Seconds between looks.
LOOK_SECONDS = 1.0


async def keep(connection: LedgerConnection) -> None:
    """Look for ever. The launches run in a thread of their own, with a connection of Django's."""
    with ThreadPoolExecutor(1, "appointments") as thread:
        try:
            while True:
                for reservation in await connection.run("scheduled_due", {}):
                    await asyncio.get_running_loop().run_in_executor(thread, _launch, *reservation)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            thread.submit(connections.close_all)


def _launch(organization_id: int, reservation_id: int) -> None:
    close_old_connections()
    try:
        scheduling.launch_due(organization_id, reservation_id)
    except Error as error:  # it waits, and is looked at again
        _log.warning("reservation not launched", extra={"id": reservation_id, "why": str(error)})
