"""Asking a worker for the next piece of work on an import, in the transaction that decides it."""

from __future__ import annotations

from datetime import datetime, timedelta

from procrastinate.contrib.django.models import ProcrastinateWorker

from denrei.directory import tasks
from denrei.directory.intake.models import PeopleImport

#: A worker of the queue tells every 10 s that it lives; after three times that it is gone.
_HEARTBEATS = timedelta(seconds=30)


def ask_for(one: PeopleImport) -> None:
    """Put the present run into the queue. It begins when the transaction is committed."""
    tasks.work_on_import.defer(organization=one.organization_id, people_import=one.pk, run=one.run)


def worker_lives(now: datetime) -> bool:
    """Tell whether anybody takes jobs from the queue."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - _HEARTBEATS).exists()
