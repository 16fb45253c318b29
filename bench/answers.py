"""A page and its answer by 200 connections, beside a plain Django view under gunicorn; overload without loss."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from bench import serving
from bench.rows import Bench, Goal, Reading, Row, Scale
from denrei.project.demo.actors import Actor, free_port
from tools import ground

_CONNECTIONS, _HERD = 200, 2000
#: Seconds of a run; a person answers once, so people bound it too.
_SECONDS = 6.0
#: The peers: gunicorn's usual way for a machine of two cores, and with threads.
_PEERS = {
    "gunicorn sync": ["--workers", "5"],
    "gunicorn gthread": ["--workers", "2", "--threads", "4", "--keep-alive", "30"],
}
_VIEW = "the same by a plain Django view under gunicorn"
_RATE = Row(name="page and answer, 200 connections", unit="/s", against=_VIEW, goal=Goal(least=5))
_LEAN = Row(
    name="page and answer, 200 connections; peer with our plates",
    unit="/s",
    against=_VIEW,
    goal=Goal(least=5),
)
_LATE = Row(name="p99 of an answer", unit="ms", goal=Goal(most=50))
_TOO_MUCH = {
    name: (
        Row(name=f"{words}: refused by 503", unit="", goal=Goal(least=1)),
        Row(name=f"{words}: 503 without Retry-After", unit="", goal=Goal(most=0)),
        Row(name=f"{words}: acknowledged and lost", unit="", goal=Goal(most=0)),
    )
    for name, words in (
        ("overload", "2,000 connections, a queue of 200"),
        ("standstill", "the table of answers locked for 8 s"),
    )
}
#: Handed over, and not a moment ago.
_PLACED = "UPDATE delivery SET state = 1, evidence = 1, fold_rank = 10 WHERE broadcast_id = %(b)s"


def _measure(scale: Scale) -> Iterator[Reading]:
    """Interleave ours and the peers; then too many, and a database that stands still."""
    people = scale.of(35_000, 10_000)
    with ground.ground("worker") as where:
        where.people(people * (scale.rounds + 2))
        where.gateway(free_port())
        paths = _sent(where)
        for _ in range(scale.rounds):
            seen = {name: _measured(where, name, paths) for name in _servers()}
            for name, figures in seen.items():
                print(json.dumps({"server": name, **figures}), file=sys.stderr, flush=True)
            yield from _beside(seen, people)
        yield from _overload(where, paths, people)


def _servers() -> tuple[str, ...]:
    return ("denrei", *_PEERS, *(f"{peer}, lean" for peer in _PEERS))


def _beside(seen: Mapping[str, Mapping[str, Any]], people: int) -> Iterator[Reading]:
    """Set one round of ours beside the better peer of each sort, and say how long an answer takes."""
    ours = seen["denrei"]
    for row, kind in ((_RATE, ""), (_LEAN, ", lean")):
        peer = max(float(seen[f"{one}{kind}"]["requests_per_s"]) for one in _PEERS)
        rate = float(ours["requests_per_s"])
        more = {"server_us": float(ours["server_us"])}
        yield Reading(row=row.name, value=rate, beside=peer, people=people, more=more)
    yield Reading(row=_LATE.name, value=float(ours["post_p99_ms"]), people=people)


def _sent(where: ground.Ground) -> list[str]:
    """Launch to everybody and write all deliveries; return the addresses of their pages."""
    from django.db import connection

    from denrei.accounts import tenancy
    from denrei.deliveries import links

    broadcast, organization = where.press(), where.organization.pk
    where.slice_all(broadcast)
    where.do(_PLACED, b=broadcast)
    with tenancy.acting_for(organization), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM delivery WHERE broadcast_id = %s ORDER BY id", [broadcast])
        ids = [row[0] for row in cursor.fetchall()]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [urlsplit(links.answer_url(organization, one)).path for one in ids]


def _measured(where: ground.Ground, name: str, paths: list[str]) -> dict[str, Any]:
    with _serving(where, name) as (port, actor):
        _crowd(where, port, paths, connections=20, seconds=1.0)  # warm
        before = ground.spent(actor.process.pid)
        seen = _crowd(where, port, paths)
        spent = ground.spent(actor.process.pid) - before
    lost = _lost(where, seen.pop("taken"))
    assert not lost, f"{lost} answers were acknowledged and are not there"
    asked = sum(seen["statuses"].values())
    return {**seen, "server_us": round(spent / asked * 1e6), "load": round(os.getloadavg()[0], 1)}


@contextmanager
def _serving(where: ground.Ground, name: str) -> Iterator[tuple[int, Actor]]:
    """Run ours or a peer."""
    if name == "denrei":
        with serving.denrei(where) as server:
            yield server
        return
    peer, _, lean = name.partition(", ")
    environment = {"BENCH_LEAN": lean, "DJANGO_SETTINGS_MODULE": "bench.herd.peer_settings"}
    port = free_port()
    arguments = ["gunicorn", "--preload", "--bind", f"127.0.0.1:{port}", *_PEERS[peer]]
    with serving.server(where, port, [*arguments, "bench.herd.peer"], **environment) as actor:
        yield port, actor


def _crowd(
    where: ground.Ground,
    port: int,
    paths: list[str],
    *,
    connections: int = _CONNECTIONS,
    seconds: float = _SECONDS,
) -> dict[str, Any]:
    """Let phones ask; return what they saw and, as `taken`, the pages whose answers were acknowledged."""
    asked, taken = where.folder / "asked", where.folder / "taken"
    asked.write_text("\n".join(paths))
    arguments = {"port": port, "paths": asked, "taken": taken, "connections": connections}
    said = subprocess.run(
        [sys.executable, "-m", "bench.herd.phones", "--seconds", str(seconds)]
        + [word for name, value in arguments.items() for word in (f"--{name}", str(value))],
        check=True,
        stdout=subprocess.PIPE,
        timeout=seconds + 90,
    ).stdout
    seen = json.loads(said)
    assert seen["used"] < len(paths), "more people are needed"
    del paths[: seen.pop("used")]
    return {**seen, "taken": taken.read_text().split()}


def _overload(where: ground.Ground, paths: list[str], people: int) -> Iterator[Reading]:
    """Too many for a short queue, and a table that stands still for a while; nothing acknowledged is lost."""
    with serving.denrei(where, DENREI_WAITING_ANSWERS="200") as (port, _):
        herd = _crowd(where, port, paths, connections=_HERD)
    with serving.denrei(where) as (port, _):
        lock = threading.Thread(target=_stand_still, args=(8.0,))
        lock.start()
        still = _crowd(where, port, paths, seconds=14.0)
        lock.join()
    for name, seen in (("overload", herd), ("standstill", still)):
        lost = _lost(where, seen.pop("taken"))
        print(json.dumps({"server": name, **seen}), file=sys.stderr, flush=True)
        refused = sum(n for status, n in seen["statuses"].items() if status.endswith("503"))
        figures = (refused, seen["without_retry_after"], lost)
        for row, figure in zip(_TOO_MUCH[name], figures, strict=True):
            yield Reading(row=row.name, value=float(figure), people=people)


def _stand_still(seconds: float) -> None:
    import psycopg

    time.sleep(2.0)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("LOCK TABLE response IN ACCESS EXCLUSIVE MODE")
        time.sleep(seconds)


def _lost(where: ground.Ground, taken: Sequence[str]) -> int:
    """Return how many answers were acknowledged and are not in the table."""
    from denrei.accounts import tenancy
    from denrei.responses import pages
    from denrei.responses.models import Response

    with tenancy.acting_for(where.organization.pk):
        kept = set(Response.objects.values_list("delivery_id", flat=True))
    return sum(pages.named_by(path.rpartition("/")[2]).subject_id not in kept for path in taken)


BENCH = Bench(
    name="answers",
    rows=(_RATE, _LEAN, _LATE, *(row for rows in _TOO_MUCH.values() for row in rows)),
    measure=_measure,
    patience=900.0,
)
