"""The queue as a worker runs it, to its end."""

from __future__ import annotations

import asyncio
from typing import cast

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from denrei.directory.intake import running
from denrei.directory.tasks import IMPORTS


def run_jobs() -> None:
    """Run every job of the queue of imports by procrastinate's own worker."""
    connector = cast("DjangoConnector", app.connector).get_worker_connector()

    async def run() -> None:
        with app.replace_connector(connector) as own:
            async with own.open_async():
                await own.run_worker_async(
                    queues=[IMPORTS],
                    wait=False,
                    install_signal_handlers=False,
                    listen_notify=False,
                    delete_jobs="successful",
                )

    connection.close()
    asyncio.run(run())


def do_jobs() -> None:
    """Do what waits in this very process: quicker, where the queue itself is not the matter."""
    for job in waiting_jobs():
        running.work(job["organization"], job["people_import"], job["run"])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = %s", [IMPORTS])


def waiting_jobs() -> list[dict[str, int]]:
    """Return what the jobs that wait were given."""
    jobs = ProcrastinateJob.objects.filter(queue_name=IMPORTS, status="todo")
    return list(jobs.order_by("id").values_list("args", flat=True))
