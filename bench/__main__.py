"""`python -m bench [NAME ...] [--quick] [--rounds N] [--no-table]`: figures, each beside its goal.

Prints a JSON line for each row on standard output, each round on standard error, and writes the table of
docs/explanation/performance.md (not with --quick). Each bench has a process of its own; one that fails
or takes too long does not stop the others. Ends with 1 where a goal is missed or a row is without figure.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

from bench import rows, table

#: Seconds that a bench gets to end what it started when it is cut off.
_FAREWELL = 60.0


def main() -> int:
    """Run the benches named, or all."""
    benches = rows.found()
    given = _arguments(benches)
    scale = rows.Scale(is_quick=given.quick, rounds=given.rounds)
    if shutil.which("smtp-sink") is None:
        print("smtp-sink is missing: apt-get install postfix", file=sys.stderr)
        return 1
    if given.here:
        return _here(benches[given.names[0]], scale)
    said = [one for name in given.names or benches for one in _apart(benches[name], scale)]
    if not (given.quick or given.no_table):
        table.write(said)
    return _judged(said)


def _arguments(benches: dict[str, rows.Bench]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="|".join(benches))
    parser.add_argument("--quick", action="store_true", help="small amounts, one round")
    parser.add_argument("--rounds", type=int, default=0, help="3; 1 with --quick")
    parser.add_argument("--no-table", action="store_true", help="print only")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.rounds = given.rounds or (1 if given.quick else 3)
    unknown = set(given.names) - set(benches)
    if unknown:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    return given


def _here(one: rows.Bench, scale: rows.Scale) -> int:
    """Measure in this process; what was read before a failure still counts."""
    read: list[rows.Reading] = []
    try:
        for reading in one.measure(scale):
            read.append(reading)
            said = {"bench": one.name, "round": _plain(reading)}
            print(json.dumps(said, ensure_ascii=False), file=sys.stderr, flush=True)
    finally:
        for line in rows.summed(one, read):
            print(json.dumps(line.said(), ensure_ascii=False), flush=True)
    return 0


def _plain(reading: rows.Reading) -> dict[str, object]:
    figures = {"value": reading.value, "beside": reading.beside, **reading.more}
    said = {name: rows.rounded(figure) for name, figure in figures.items() if figure is not None}
    return {"row": reading.row, "people": reading.people, **said}


def _apart(one: rows.Bench, scale: rows.Scale) -> list[table.Said]:
    """Measure in a process of its own and return its lines; none of a row is a line with an error."""
    arguments = ["--here", "--rounds", str(scale.rounds), *(["--quick"] if scale.is_quick else [])]
    process = subprocess.Popen(
        [sys.executable, "-m", "bench", one.name, *arguments], stdout=subprocess.PIPE, text=True
    )
    cut = threading.Timer(one.patience, lambda: process.send_signal(signal.SIGINT))
    ended = threading.Timer(one.patience + _FAREWELL, process.kill)
    for timer in (cut, ended):
        timer.start()
    try:
        lines = list(_heard(process))
    finally:
        for timer in (cut, ended):
            timer.cancel()
        process.wait()
    said = {line["row"] for line in lines}
    lost = rows.summed(one, ())
    return [*lines, *(line.said() for line in lost if line.row.name not in said)]


def _heard(process: subprocess.Popen[str]) -> Iterator[table.Said]:
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        yield json.loads(line)


def _judged(said: list[table.Said]) -> int:
    """Say which goals are missed."""
    missed = [one for one in said if one["pass"] is False]
    for one in missed:
        figure = one.get("ratio") or one.get("value") or one.get("error")
        print(f"missed: {one['bench']} {one['row']}: {figure}, goal {one['goal']}", file=sys.stderr)
    return 1 if missed else 0


sys.exit(main())
