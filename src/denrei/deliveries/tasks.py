"""What the clock does to the ledger, as jobs of the queue; none decides about a delivery (ADR 0003)."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate.contrib.django import app

from denrei.deliveries import rounds


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="audit", pass_context=False)
def audit(timestamp: int) -> None:
    """Every five minutes: recount the broadcasts that moved lately, seal what came late."""
    del timestamp
    close_old_connections()
    rounds.audit()


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="settle", pass_context=False)
def settle(timestamp: int) -> None:
    """Every night: hand-overs without a bounce become successes (OPS-7), silence is counted (NEW-2)."""
    del timestamp
    close_old_connections()
    rounds.settle()
