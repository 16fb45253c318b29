"""`python -m celery_peer COUNT`: a worker of two processes, a task for each person; how long that took."""

from __future__ import annotations

import json
import subprocess
import sys
import time

from celery_app import app, deliver
from django.core.management import call_command
from letters import texts
from letters.models import Letter


def main() -> None:
    """Start the worker, wait until it answers, press, wait until every row is marked."""
    count = int(sys.argv[1])
    call_command("migrate", run_syncdb=True, verbosity=0)
    Letter.objects.all().delete()
    command = [sys.executable, "-m", "celery", "-A", "celery_app", "worker", "--pool", "prefork"]
    options = ["--concurrency", "2", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
    worker = subprocess.Popen([*command, *options], stdout=sys.stderr)
    try:
        deadline = time.monotonic() + 60
        while not app.control.ping(timeout=1.0):
            assert time.monotonic() < deadline, "the worker does not answer"
        print(json.dumps(_sent(count)))
    finally:
        worker.terminate()
        worker.wait(60)


def _sent(count: int) -> dict[str, float]:
    people = texts.people(count)
    began = time.perf_counter()
    rows = [Letter(address=address, url=url) for address, url in people]
    letters = Letter.objects.bulk_create(rows, batch_size=1000)
    with app.producer_pool.acquire(block=True) as producer:
        for letter in letters:
            deliver.apply_async((letter.pk,), producer=producer)
    pressed = time.perf_counter() - began
    while Letter.objects.filter(sent_at=None).exists():
        assert time.perf_counter() - began < 300, "tasks were lost"
        time.sleep(0.02)
    return {"seconds": time.perf_counter() - began, "pressed_s": pressed}


main()
