"""The queue as a worker runs it, to its end."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from denrei.directory.intake import running
from denrei.directory.tasks import IMPORTS
from tests import jobs


def run_jobs() -> None:
    """Run every job of the queue of imports by procrastinate's own worker."""
    jobs.run(IMPORTS)


def do_jobs() -> None:
    """Do what waits in this very process: quicker, where the queue itself is not the matter."""
    for job in waiting_jobs():
        running.work(job["organization"], job["people_import"], job["run"])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = %s", [IMPORTS])


def waiting_jobs() -> list[dict[str, int]]:
    """Return what the jobs that wait were given."""
    found = ProcrastinateJob.objects.filter(queue_name=IMPORTS, status="todo")
    return list(found.order_by("id").values_list("args", flat=True))
