"""Jobs of the queue that need several rooms of the house."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate.contrib.django import app

from denrei.project import closing


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="heads", pass_context=False)
def heads(timestamp: int) -> None:
    """Every minute: mail the heads of broadcasts that ended (NEW-1)."""
    del timestamp
    close_old_connections()
    closing.mail_heads()
