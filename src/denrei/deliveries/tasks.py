"""What the clock does to the ledger, as jobs of the queue; none decides about a delivery (ADR 0003)."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from denrei.deliveries import rounds
from denrei.deliveries.contact_tests import sending

#: A queue of its own: a mail server that takes its time keeps nothing else waiting.
TESTS = "tests"


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


@app.task(queue=TESTS, pass_context=False)
def test_contact(organization: int, contact_test: int) -> None:
    """Send one test to one contact (EMC-8)."""
    try:
        sending.send(organization, contact_test)
    finally:
        connection.close()  # of a thread that is somebody else's the next time
