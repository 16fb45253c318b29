"""The demo as a program beside this one, for whoever looks at its pages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PEOPLE = 400
_FIRST_LINES = 60


@contextmanager
def running_demo(people: int = PEOPLE) -> Iterator[str]:
    """Run the demo; yield its address when people can sign in."""
    command = [sys.executable, "-m", "denrei.project", "demo", "--people", str(people)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as demo:
        try:
            yield _address(demo)
        finally:
            demo.terminate()
            demo.communicate(timeout=60)


def _address(demo: subprocess.Popen[str]) -> str:
    assert demo.stderr is not None
    said = []
    for line in demo.stderr:
        said.append(line)
        if found := re.search(r"担当者の画面：(http://\S+)/console/", line):
            return found[1]
    raise RuntimeError("".join(said[-_FIRST_LINES:]))
