"""Mails a second from press to handed over and recorded, beside smtp-source into the same sink."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from pathlib import Path

from bench import sink
from tools import ground

#: The body of the peer's mails: as long as ours.
_BODY = "Subject: x\n\n" + ("y" * 70 + "\n") * 12
_SESSIONS = 20


def run(people: int, rounds: int) -> None:
    """Interleave both, `rounds` times; print a line for each and the medians."""
    rows = []
    with ground.ground() as where:
        where.people(people)
        port = ground.free_port()
        where.gateway(port)
        letter = where.folder / "letter"
        letter.write_text(_BODY)
        for _ in range(rounds):
            with sink.running(port):
                peer = _smtp_source(port, people, letter)
            with sink.running(port), ground.worker(where):
                ours, launch = _press(where, people)
            rows.append(
                {
                    "smtp_source_per_s": peer,
                    "denrei_per_s": ours,
                    "ratio": ours / peer,
                    "launch_s": launch,
                }
            )
            print(json.dumps({"bench": "mail", "people": people, **_rounded(rows[-1])}), flush=True)
    medians = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    print(json.dumps({"bench": "mail", "people": people, "median": _rounded(medians)}), flush=True)


def _smtp_source(port: int, count: int, letter: Path) -> float:
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


def _press(where: ground.Ground, people: int) -> tuple[float, float]:
    began = time.perf_counter()
    broadcast = where.press()
    pressed = time.perf_counter() - began
    launch = pressed + where.settled(broadcast)
    return people / (time.perf_counter() - began), launch


def _rounded(row: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 0 if name.endswith("per_s") else 2) for name, value in row.items()}
