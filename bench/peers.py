"""Beside what Django projects use: django-post-office, and Celery with a task for each recipient.

They are installed into a Python environment of their own below var/ (`peer_programs/requirements.txt`), use
the PostgreSQL and the sink of the same run, and are set up as a user who cares for speed would.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import sink
from bench.rows import Bench, Goal, Reading, Row, Scale
from denrei.project.demo.actors import free_port
from tools import ground

_POST_OFFICE = Row(
    name="beside django-post-office", unit="/s", against="django-post-office", goal=Goal(least=20)
)
_CELERY = Row(
    name="beside Celery", unit="/s", against="Celery, one task for each", goal=Goal(least=40)
)
_PROGRAMS = Path(__file__).parent / "peer_programs"
_ENVIRONMENT = Path(__file__).parent.parent / "var" / "bench-peers"


def _measure(scale: Scale) -> Iterator[Reading]:
    """Interleave all three; each is running and connected before its press."""
    people, fewer = scale.of(20_000, 1_000), scale.of(3_000, 300)
    python = _installed()
    port = free_port()
    with (
        ground.ground() as where,
        sink.running(port),
        ground.workers(where),
        _redis(where) as redis,
    ):
        where.people(people)
        where.gateway(port)
        given = {
            "PEER_DATABASE": ground.database("peers"),
            "PEER_REDIS": redis,
            "PEER_SINK": str(port),
            "PYTHONPATH": str(_PROGRAMS),
        }
        for _ in range(scale.rounds):
            ours, _ = where.pressed(people)
            for row, module in ((_POST_OFFICE, "post_office_peer"), (_CELERY, "celery_peer")):
                rate, more = _peer(where, python, module, given, fewer)
                yield Reading(row=row.name, value=ours, beside=rate, people=people, more=more)


def _peer(
    where: ground.Ground, python: Path, module: str, given: dict[str, str], people: int
) -> tuple[float, dict[str, float]]:
    """Run one peer; return its mails a second, and what part of its time the press took."""
    said = subprocess.run(
        [python, "-m", module, str(people)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=where.folder,
        env={**os.environ, **given},
        timeout=400,
    ).stdout
    told = json.loads(said.splitlines()[-1])
    share = told["pressed_s"] / told["seconds"]
    return people / told["seconds"], {"peer_people": people, "peer_press_share": share}


@contextmanager
def _redis(where: ground.Ground) -> Iterator[str]:
    """Run a Redis of our own, which keeps nothing on disk; yield its address."""
    if shutil.which("redis-server") is None:
        raise FileNotFoundError("redis-server: bench/prepare installs it")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(
        ["redis-server", *options, "--dir", str(where.folder)], stdout=subprocess.DEVNULL
    )
    try:
        sink.wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def _installed() -> Path:
    """Return the Python that has the peers; made once, anew when their versions change."""
    wanted = (_PROGRAMS / "requirements.txt").read_text("ascii")
    python, done = _ENVIRONMENT / "bin" / "python", _ENVIRONMENT / "installed.txt"
    if not (done.is_file() and done.read_text("ascii") == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", _ENVIRONMENT], check=True)
        listed = ["-r", str(_PROGRAMS / "requirements.txt")]
        command = [
            python,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "install",
            "--quiet",
            *listed,
        ]
        subprocess.run(command, check=True, stdout=sys.stderr)
        done.write_text(wanted, "ascii")
    return python


BENCH = Bench(name="peers", rows=(_POST_OFFICE, _CELERY), measure=_measure, patience=900)
