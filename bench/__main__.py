"""`python -m bench [mail|urgent|kill|watch|answers|board]`: prints one JSON line for each row, and the medians at the end."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys

from bench import answers, board, kill, mail, urgent, watch

BENCHES = {
    "mail": mail.run,
    "urgent": urgent.run,
    "kill": kill.run,
    "watch": watch.run,
    "answers": answers.run,
    "board": board.run,
}


def main() -> int:
    """Run the benches named, or all."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(BENCHES))
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    unknown = set(given.names) - set(BENCHES)
    if unknown:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    if shutil.which("smtp-sink") is None:
        print("smtp-sink is missing: apt-get install postfix", file=sys.stderr)
        return 1
    names = given.names or list(BENCHES)
    if len(names) == 1:
        BENCHES[names[0]](given.people, given.rounds)
        return 0
    # Each in a process of its own: Django is set up once, for one database.
    amounts = ["--people", str(given.people), "--rounds", str(given.rounds)]
    return max(subprocess.call([sys.executable, "-m", "bench", name, *amounts]) for name in names)


sys.exit(main())
