"""Mails a second from press to handed over and recorded, beside smtp-source into the same sink."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench import sink
from bench.rows import Bench, Goal, Reading, Row, Scale
from denrei.project.demo.actors import free_port
from tools import ground

#: The body of the peer's mails: as long as ours.
_BODY = "Subject: x\n\n" + ("y" * 70 + "\n") * 12
_SESSIONS = 20
_GOAL = Goal(least=0.8, floor=0.5)
_SOURCE = "smtp-source -d -s 20, same sink"
_ROWS = (
    Row(name="press → recorded", unit="/s", against=_SOURCE, goal=_GOAL),
    Row(name="press → recorded, large", unit="/s", against=_SOURCE, goal=_GOAL),
)


def _measure(scale: Scale) -> Iterator[Reading]:
    """Interleave both, for each size."""
    with ground.ground() as where:
        port = free_port()
        letter = where.folder / "letter"
        letter.write_text(_BODY)
        sizes = (scale.of(20_000, 1_000), scale.of(100_000, 2_000))
        for row, people in zip(_ROWS, sizes, strict=True):
            where.people(people)
            where.gateway(port)
            with sink.running(port), ground.workers(where) as workers:
                for _ in range(scale.rounds):
                    peer = _smtp_source(port, people, letter)
                    ours, launch = where.pressed(people)
                    more = {"launch_s": launch, "workers": workers}
                    yield Reading(row=row.name, value=ours, beside=peer, people=people, more=more)


def _smtp_source(port: int, count: int, letter: Path) -> float:
    """Return mails a second."""
    began = time.perf_counter()
    subprocess.run(
        [
            *("smtp-source", "-d", "-N", "-s", str(_SESSIONS), "-m", str(count)),
            *("-f", "a@example.jp", "-t", "b@example.jp", "-F", str(letter)),
            f"inet:127.0.0.1:{port}",
        ],
        check=True,
        env={**os.environ, "MAIL_CONFIG": "/etc/postfix"},
    )
    return count / (time.perf_counter() - began)


BENCH = Bench(name="mail", rows=_ROWS, measure=_measure)
