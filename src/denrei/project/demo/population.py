"""The people who answer, as a process of their own.

`python -m denrei.project.demo.population --log FILE` prints its counts as one JSON line a second
and ends on SIGTERM, or with `--until-quiet S` when nothing is left to do and no mail has come for
S seconds. `--answers FILE` keeps each answer that the server took, one JSON line each, and is read
for what somebody answers by hand. `--control FILE` may change the pace at any time (`pace`).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from denrei.project.demo.controls import Control
from denrei.project.demo.crowd import Crowd, Stats
from denrei.project.demo.tempers import Curve
from denrei.project.demo.visits import Visitors


def _tell(stats: Stats) -> None:
    sys.stdout.write(json.dumps(dataclasses.asdict(stats)) + "\n")
    sys.stdout.flush()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="People who answer the mails of a log")
    parser.add_argument("--log", type=Path, required=True, help="the mail world's log")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=1.0, help="60: a minute passes in a second")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--via", default="", help="HOST:PORT to connect to instead of the URL's")
    parser.add_argument("--pick", default="", help="part of the address to open")
    parser.add_argument("--answers", type=Path, help="file for each answer that was taken")
    parser.add_argument("--control", type=Path, help="file that says whether, and how fast")
    parser.add_argument("--until-quiet", type=float, metavar="SECONDS")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Answer until SIGTERM, Ctrl-C or quiet."""
    options = _options(arguments)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    host, _, port = options.via.rpartition(":")
    visitors = Visitors(via=(host, int(port)) if options.via else None)
    crowd = Crowd(
        options.log,
        seed=options.seed,
        curve=Curve(),
        speed=options.speed,
        visitors=visitors,
        answers=options.answers,
        pick=options.pick,
        control=Control(options.control) if options.control else None,
    )
    crowd.run(stop, threads=options.threads, until_quiet=options.until_quiet, tell=_tell)
    visitors.close()
    crowd.close()


if __name__ == "__main__":
    main()
