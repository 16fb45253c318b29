"""What the clock does when data is over, as a job of the queue."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from denrei.retention import rounds

#: A queue of its own: it may work for hours, and keeps nothing else waiting.
RETENTION = "retention"


@app.periodic(cron="*/10 * * * *")
@app.task(queue=RETENTION, queueing_lock="retention", pass_context=False)
def retain(timestamp: int) -> None:
    """Every ten minutes: begin the night's round, or go on where it gave way."""
    del timestamp  # a job may have waited for a worker since yesterday
    close_old_connections()
    try:
        rounds.work(rounds.Turn(night=rounds.tonight()))
    finally:
        connection.close()  # of a thread that is somebody else's the next time
