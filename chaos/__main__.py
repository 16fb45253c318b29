"""`python -m chaos [--short] [ROW…]`: a line of JSON for each row, then a summary; 1 where a row fails.

Each row runs in a process of its own (Django is set up once, for one database). Ctrl-C and SIGTERM end
everything that was started, by its id.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from types import FrameType

from chaos.row import Scale

#: Number of a row → the module whose `run(scale)` returns it.
ROWS = {
    1: "chaos.calm",
    2: "chaos.killed",
    3: "chaos.stopped",
    4: "chaos.postmaster",
    5: "chaos.hostility",
    6: "chaos.truncated",
    7: "chaos.order",
    8: "chaos.clocks",
    9: "chaos.scarcity",
    10: "chaos.launching",
    11: "chaos.pressed",
    12: "chaos.hosts",
}
#: Seconds that a row gets to end what it started.
_FAREWELL = 60.0


def main() -> int:
    """Run the rows named, or all."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, metavar="ROW", help=f"of {sorted(ROWS)}")
    parser.add_argument("--short", action="store_true", help="small and quick, as the tests run it")
    given = parser.parse_args()
    unknown = set(given.rows) - set(ROWS)
    if unknown:
        parser.error(f"no such row: {', '.join(map(str, sorted(unknown)))}")
    signal.signal(signal.SIGTERM, _unwind)
    numbers = given.rows or sorted(ROWS)
    if len(numbers) == 1:
        return _here(numbers[0], Scale(short=given.short))
    with tempfile.TemporaryDirectory(prefix="denrei-chaos-") as kept:
        os.environ["KEPT_GROUND"] = kept  # one migrated database for all rows
        failed = [number for number in numbers if _apart(number, short=given.short)]
    print(json.dumps({"rows": len(numbers), "failed": failed, "pass": not failed}), flush=True)
    return int(bool(failed))


def _unwind(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def _here(number: int, scale: Scale) -> int:
    row = importlib.import_module(ROWS[number]).run(scale)
    print(json.dumps(row.line(), ensure_ascii=False), flush=True)
    return int(not row.passed)


def _apart(number: int, *, short: bool) -> int:
    """Run a row in a process of its own; return its exit code."""
    words = [sys.executable, "-m", "chaos", *(["--short"] if short else []), str(number)]
    process = subprocess.Popen(words)
    try:
        return process.wait()
    except BaseException:
        process.terminate()  # Ctrl-C of a terminal has reached it as well
        process.wait(_FAREWELL)
        raise


if __name__ == "__main__":
    sys.exit(main())
