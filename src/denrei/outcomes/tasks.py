"""What the clock does to received mails, as jobs of the queue."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate.contrib.django import app

from denrei.outcomes import forgetting


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="forget_mails", pass_context=False)
def forget_mails(timestamp: int) -> None:
    """Every night: mails whose time is over."""
    del timestamp
    close_old_connections()
    forgetting.forget()
