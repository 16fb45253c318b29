"""The post room beside a worker: its process (`python -m denrei.project.post_room`), and who starts it.

It is started where there is something to take in or to read, so that an installation without any
has no process for it. It ends with the worker, whatever way that ends: its standard input is closed
then. Of several workers on one machine one listens, and another when that one is gone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

import django
import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from denrei.project import logs
from denrei.project.environment import Environment

_log = logging.getLogger(__name__)

#: Seconds between looks whether it is needed, and before it is started again.
_PAUSE = 5.0
#: Seconds that it gets to end in order.
_GRACE = 5.0
#: Who sends goes first.
_NICE = 5


async def kept() -> None:
    """Keep the process running wherever it is needed, until cancelled."""
    while True:
        try:
            if await asyncio.to_thread(_is_needed):
                await _live()
        except (DatabaseError, InterfaceError, psycopg.Error, OSError) as error:
            _log.warning("post room", extra={"why": str(error)})
        await asyncio.sleep(_PAUSE)


def _is_needed() -> bool:
    from denrei.outcomes import needed  # noqa: PLC0415  # needs Django

    try:
        return bool(settings.MAIL_LISTEN) or needed.is_needed()
    finally:
        connection.close()  # of a thread that is somebody else's the next time


async def _live() -> None:
    """Live through one life of the process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "denrei.project.post_room", stdin=asyncio.subprocess.PIPE
    )
    try:
        code = await process.wait()
        _log.warning("post room ended", extra={"code": code})
    finally:
        if process.returncode is None:
            process.terminate()
            await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(_GRACE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _run() -> None:
    from denrei.outcomes.models import Way  # noqa: PLC0415  # needs Django
    from denrei.outcomes.post import Address, Post  # noqa: PLC0415

    addresses = [
        Address(way=Way(way), host=host, port=port) for way, host, port in settings.MAIL_LISTEN
    ]
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    loop.add_reader(sys.stdin.fileno(), ended.set)  # nobody writes there: readable means closed
    post = asyncio.create_task(Post(addresses).run())
    end = asyncio.create_task(ended.wait())
    await asyncio.wait([post, end], return_when=asyncio.FIRST_COMPLETED)
    if post.done():
        post.result()
    post.cancel()
    await asyncio.wait([post])


def main() -> int:
    """Work until a signal comes or the worker is gone."""
    os.nice(_NICE)
    logs.set_up(Environment().one_of("DENREI_LOG_LEVEL", ("WARNING", "INFO", "DEBUG", "ERROR")))
    django.setup()
    asyncio.run(_run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
