"""A worker as a process of its own, for tests that kill it or let it freeze.

`python -m tests.deliveries.worker_process NAME SHARD` prints "ready"; SIGTERM ends it in order.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(name: str, shard: int) -> Iterator[subprocess.Popen[str]]:
    """Start a worker process that is ready; kill it at the end, where it still lives."""
    environment = {**os.environ, "DENREI_SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "-m", __name__, name, str(shard)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.kill()


async def main(name: str, shard: int) -> None:
    """Work until SIGTERM."""
    from denrei.deliveries import gateways  # noqa: PLC0415 - Django is set up first
    from denrei.deliveries.dispatch.worker import Worker, WorkerSettings  # noqa: PLC0415

    worker = Worker(
        WorkerSettings(
            conninfo=os.environ["DATABASE_URL"],
            name=name,
            shard=shard,
            safe=gateways.vault([settings.SECRET_KEY]),
        )
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.close)
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        await worker.ready.wait()
        sys.stdout.write("ready\n")
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denrei.project.settings")
    django.setup()
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
