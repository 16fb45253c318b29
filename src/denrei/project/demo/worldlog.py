"""The mail world's log: one line of JSON for each event that counts; the truth about receipt.

| event | keys beside `at` (seconds since 1970), `rcpt`, `sender` |
| --- | --- |
| accepted | `id`, `subject`, `urls`; `told` false: no 250 was sent; `hidden` true: nobody reads it; |
| | `author` and `text` where the world was started with `--texts` |
| refused | `phase` (connect, rcpt, data), `code`, `text` |
| dropped | `phase` (body): the connection was cut, nothing is stored |
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import cast

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class WorldLog:
    """Appends whole lines: `flush` gives them to the system before any answer tells of them.

    A killed process loses nothing that was flushed; a power cut may.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._lines: list[str] = []

    def note(self, event: str, **keys: object) -> None:
        """Keep one event for the next `flush`."""
        self._lines.append(_ENCODE({"event": event, **keys}))

    def flush(self) -> None:
        """Write what was noted. OSError: the file takes no more."""
        if self._lines:
            data = memoryview(("\n".join(self._lines) + "\n").encode("utf-8", "backslashreplace"))
            self._lines.clear()
            while data:
                data = data[os.write(self._file, data) :]

    def close(self) -> None:
        """Flush and close the file."""
        self.flush()
        os.close(self._file)

    def __enter__(self) -> WorldLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


def events(path: Path) -> Iterator[dict[str, object]]:
    """Yield the whole lines of a log in order; a last line without its end is left out."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield _parsed(line)


class Tail:
    """Follows a log that is being written; the file may come later."""

    _CHUNK = 1 << 20

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0

    def read(self) -> list[dict[str, object]]:
        """Return the next whole lines, at most a megabyte of them; [] where there are none yet."""
        return [event for _, event in self.placed()]

    def placed(self) -> list[tuple[int, dict[str, object]]]:
        """Return the same with the place in the file where each begins: `at` reads it again."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                data = file.read(self._CHUNK)
        except FileNotFoundError:
            return []
        found = []
        for line in data[: data.rfind(b"\n") + 1].splitlines(keepends=True):
            found.append((self._at, _parsed(line)))
            self._at += len(line)
        return found


def at(path: Path, places: Iterable[int]) -> list[dict[str, object]]:
    """Read again the lines that begin at these places (`Tail.placed`)."""
    found = []
    with path.open("rb") as file:
        for place in places:
            file.seek(place)
            found.append(_parsed(file.readline()))
    return found


def _parsed(line: bytes) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(line))
