"""The board on the terminal, drawn over itself; on a pipe, a line whenever something changed."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TextIO

#: Seconds between two lines on something that is not a terminal.
_PIPE_SECONDS = 2.0


class Screen:
    """Shows blocks of lines."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._drawn = 0
        self._last: tuple[float, Sequence[str]] = (0.0, ())

    def say(self, words: str) -> None:
        """Print a line that stays."""
        self._drawn = 0
        print(words, file=self._stream, flush=True)

    def show(self, lines: Sequence[str]) -> None:
        """Draw a block in the place of the one before."""
        if not self._stream.isatty():
            self._show_piped(lines)
            return
        back = f"\x1b[{self._drawn}A\x1b[J" if self._drawn else ""
        print(back + "\n".join(lines), file=self._stream, flush=True)
        self._drawn = len(lines)

    def _show_piped(self, lines: Sequence[str]) -> None:
        now, (when, before) = time.monotonic(), self._last
        if lines != before and now - when >= _PIPE_SECONDS:
            print("\n".join(lines), file=self._stream, flush=True)
            self._last = (now, list(lines))
