"""A worker at a distance from its database: what each round trip costs, and what a delivery takes on disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench.rows import Bench, Reading, Row, Scale
from tools import ground, namespaces
from tools.hosts import Hosts, installation

#: Seconds of a round trip between worker and database.
_ROUND_TRIPS = (0.0, 0.001, 0.005, 0.02)
_PORT = 2525
_USER = ["-u", "nobody"] if not os.geteuid() else []
_SIZE = (
    "SELECT pg_current_wal_insert_lsn() - '0/0',"
    " (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')"
)


def _row(seconds: float) -> Row:
    return Row(name=f"press → recorded, database {seconds * 1000:g} ms away", unit="/s")


def _measure(scale: Scale) -> Iterator[Reading]:
    """Send to everybody with one worker, at each distance. RuntimeError: no namespaces here."""
    reason = namespaces.why_not()
    if reason:
        raise RuntimeError(reason)
    people = scale.of(20_000, 2_000)
    for seconds in _ROUND_TRIPS:  # Django is set up once in each process
        named = [str(figure) for figure in (people, scale.rounds, seconds)]
        command = [sys.executable, "-m", "bench.far", *named]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        for line in told.splitlines():
            more = json.loads(line)
            value = more.pop("per_s")
            yield Reading(row=_row(seconds).name, value=value, people=people, more=more)


def _at(people: int, rounds: int, seconds: float) -> None:
    with installation(database_seconds=seconds / 2) as hosts, ExitStack() as stack:
        there = hosts.net.host("worker")
        hosts.ground.people(people)
        hosts.ground.gateway(_PORT)
        sink = subprocess.Popen(
            [
                "ip",
                "netns",
                "exec",
                there.namespace,
                "smtp-sink",
                *_USER,
                f"127.0.0.1:{_PORT}",
                "4096",
            ],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "MAIL_CONFIG": "/etc/postfix"},
        )
        stack.callback(_end, sink)
        worker = hosts.act("worker", there, "denrei.project", "worker")
        time.sleep(10.0)
        for _ in range(rounds):
            row = _once(hosts, people, worker.process.pid)
            print(json.dumps({**row, "sessions": hosts.backends(there)}), flush=True)


def _once(hosts: Hosts, people: int, worker: int) -> dict[str, float]:
    """Send to everybody once."""
    from chaos.ground import ask

    before, cpu, began = ask(_SIZE)[0], ground.spent(worker), time.perf_counter()
    broadcast = hosts.ground.press()
    hosts.ground.settled(broadcast)
    took = time.perf_counter() - began
    after = ask(_SIZE)[0]
    return {
        "per_s": round(people / took),
        "worker_us": round((ground.spent(worker) - cpu) / people * 1e6),
        "wal_bytes": round(float(after[0] - before[0]) / people),
        "disk_bytes": round(float(after[1] - before[1]) / people),
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait()


BENCH = Bench(name="far", rows=tuple(_row(seconds) for seconds in _ROUND_TRIPS), measure=_measure)


if __name__ == "__main__":
    _at(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
