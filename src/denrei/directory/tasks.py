"""What the queue does to the address book: imports that operators asked for."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from django.db import close_old_connections, connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from denrei.directory.intake import expiring, running

#: A queue of its own: a long import keeps nothing else waiting.
IMPORTS = "imports"


class HandedBackError(Exception):
    """The worker goes; the next one begins the work anew."""


@app.task(
    queue=IMPORTS,
    pass_context=False,
    retry=RetryStrategy(max_attempts=100, retry_exceptions=[HandedBackError]),
)
async def work_on_import(organization: int, people_import: int, run: int) -> None:
    """Do one piece of work on an import, in a process of its own."""
    work = (organization, people_import, run)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "denrei.directory.intake",
        *map(str, work),
        stdin=asyncio.subprocess.DEVNULL,
    )
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise HandedBackError from None
    if code:
        await asyncio.to_thread(_broke, *work)


def _broke(organization: int, people_import: int, run: int) -> None:
    running.broke(organization, people_import, run)
    connection.close()


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="forget_imports", pass_context=False)
def forget_imports(timestamp: int) -> None:
    """Every hour: end imports that nobody decides about."""
    close_old_connections()
    expiring.expire(datetime.fromtimestamp(timestamp, UTC))
