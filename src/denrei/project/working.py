"""The worker process: the senders, and beside them the queue's clock."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import cast

import psycopg
from django.conf import settings
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ProcrastinateException

from denrei.deliveries import gateways
from denrei.deliveries.dispatch.worker import Worker, WorkerSettings
from denrei.deliveries.tasks import TESTS
from denrei.directory.tasks import IMPORTS
from denrei.retention.tasks import RETENTION

_log = logging.getLogger(__name__)

#: Counter shards: two for each process, so that writers rarely meet.
_SHARDS = 64
#: Each line goes on while the others are busy: an import of minutes delays no audit.
_QUEUES = (["default"], [IMPORTS], [TESTS], [RETENTION])
#: What the clock waits for a job when the process ends; an import gives its work back then.
_GRACE_SECONDS = 2.0


def worker(name: str) -> Worker:
    """Return the sender of this process."""
    return Worker(
        WorkerSettings(
            conninfo=settings.DATABASE_ADDRESS,
            name=name,
            shard=2 + 2 * (os.getpid() % _SHARDS),
            safe=gateways.vault([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]),
        )
    )


async def clock() -> None:
    """Run the queue's jobs for ever; its trouble never touches the senders (ADR 0003)."""
    while True:
        try:
            connector = cast("DjangoConnector", app.connector).get_worker_connector()
            with app.replace_connector(connector) as own:
                async with own.open_async(), asyncio.TaskGroup() as group:
                    for queues in _QUEUES:
                        group.create_task(_jobs(own, queues))
        except* (ProcrastinateException, psycopg.Error, OSError) as errors:
            why = " ".join(str(error) for error in errors.exceptions)
            _log.warning("queue away", extra={"why": " ".join(why.split())})
        await asyncio.sleep(5.0)


async def _jobs(own: App, queues: list[str]) -> None:
    await own.run_worker_async(
        queues=queues,
        concurrency=1,
        install_signal_handlers=False,
        delete_jobs="successful",
        shutdown_graceful_timeout=_GRACE_SECONDS,
    )
