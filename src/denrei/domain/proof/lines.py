"""Lines of a proof file: each carries a running hash, so that a change is found and named.

    line n  = {"n":N,"chain":"16 hex digits","row":"person",...} and a line feed
    chain n = first 16 hex digits of sha256(chain n-1 + '{"n":N,' + all that follows the hash's comma)

The chain begins with the name of the format. Whoever changes a line can reckon the chain anew; the
signature in the last line is what he can't.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from denrei.domain.proof.findings import Faults

FORMAT = "denrei-proof"
VERSION = 1
#: Longer lines are not ours: a raw answer has 2,000 characters, a message some thousands.
MOST_BYTES = 16 * 1024 * 1024

_PREFIX = re.compile(rb'\{"n":([1-9][0-9]{0,11}),"chain":"([0-9a-f]{16})",')
_DIGITS = 16

Row = Mapping[str, Any]


def _link(before: bytes, number: int, rest: bytes) -> bytes:
    return hashlib.sha256(b'%b{"n":%d,%b' % (before, number, rest)).hexdigest()[:_DIGITS].encode()


class Writer:
    """Writes rows as lines, one after the other."""

    def __init__(self) -> None:
        self.lines = 0
        self._chain = FORMAT.encode()
        self._whole = hashlib.sha256()

    @property
    def digest(self) -> str:
        """Return SHA-256 of all lines so far, as hex digits."""
        return self._whole.hexdigest()

    def line(self, kind: str, row: Row) -> bytes:
        """Return the next line; `row` must be JSON."""
        self.lines += 1
        text = json.dumps({"row": kind, **row}, ensure_ascii=False, separators=(",", ":"))
        rest = text[1:].encode() + b"\n"
        self._chain = _link(self._chain, self.lines, rest)
        line = b'{"n":%d,"chain":"%b",%b' % (self.lines, self._chain, rest)
        self._whole.update(line)
        return line


@dataclass(slots=True)
class Reader:
    """Reads lines back, and says of each whether it is where and what it was."""

    faults: Faults = field(default_factory=Faults)
    #: Lines read, whatever they are.
    lines: int = 0
    #: The number of the last line that had one.
    _last: int = 0
    #: None behind a line whose hash is not known: the next one is taken at its word.
    _chain: bytes | None = FORMAT.encode()
    #: Over all lines but the last.
    _whole: Any = field(default_factory=hashlib.sha256)
    _line: bytes = b""
    _kind: object = None

    def digest(self) -> str:
        """Return SHA-256 of all lines but the last, as hex digits."""
        return str(self._whole.hexdigest())

    @property
    def is_at_end(self) -> bool:
        """Whether the last line read is the end of a file."""
        return self._kind == "end"

    def read(self, line: bytes) -> Row | None:
        """Return the row of the next line; None for one that holds none."""
        self.lines += 1
        self._whole.update(self._line)
        self._line, self._kind = line, None
        found = _PREFIX.match(line)
        if found is None:
            self._chain, self._last = None, self._last + 1
            self.faults.add(self.lines, "行の形が正しくありません")
            return None
        rest = line[found.end() :]
        self._place(int(found[1]), found[2], rest)
        row = _row(rest) if rest.endswith(b"}\n") else None
        if row is None:
            self.faults.add(self.lines, "行を最後まで読めません")
            return None
        self._kind = row.get("row")
        return row

    def _place(self, number: int, chain: bytes, rest: bytes) -> None:
        due = self._last + 1
        if number > due:
            gone = f"{due}行目" if number == due + 1 else f"{due}行目から{number - 1}行目まで"
            self.faults.add(self.lines, f"この前にあるはずの{gone}がありません")
        elif number < due:
            self.faults.add(self.lines, f"{number}行目が重なっているか、順序が入れ替わっています")
        elif self._chain is not None and _link(self._chain, number, rest) != chain:
            self.faults.add(self.lines, "この行が変えられています")
        self._chain, self._last = chain, number


def _row(rest: bytes) -> Row | None:
    """Return the row; None for what is no JSON object, or says something twice."""
    try:
        row = _JSON.decode("{" + rest.decode())
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_JSON = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refuse)
