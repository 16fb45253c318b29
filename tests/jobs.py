"""A queue as a worker runs it, to its end."""

from __future__ import annotations

import asyncio
from typing import cast

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


def run(queue: str) -> None:
    """Run every job of a queue by procrastinate's own worker."""
    connector = cast("DjangoConnector", app.connector).get_worker_connector()

    async def work() -> None:
        with app.replace_connector(connector) as own:
            async with own.open_async():
                await own.run_worker_async(
                    queues=[queue],
                    wait=False,
                    install_signal_handlers=False,
                    listen_notify=False,
                    delete_jobs="successful",
                )

    connection.close()
    asyncio.run(work())
