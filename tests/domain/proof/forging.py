"""Forge proof files: the lines of real ones, changed, reckoned anew and signed by whoever does it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from denrei.domain.proof import keys
from denrei.domain.proof.lines import Writer
from denrei.domain.proof.verifying import Report, UnreadableError, verify

#: Written by an export of format 1 and kept: what was once written must be verified for ever.
FILES = Path(__file__).parent / "files"
BROADCAST = (FILES / "broadcast.jsonl").read_bytes()
PERSON = (FILES / "person.jsonl").read_bytes()
#: Of the key that signed both.
KEY = "3jv7-th7h-7dr0-t2dc-d48y"
FORGER = Ed25519PrivateKey.from_private_bytes(b"f" * 32)

Rows = list[dict[str, Any]]
Forge = Callable[[Rows], object]


def lines(content: bytes) -> list[bytes]:
    """Return the lines as a file gives them."""
    return list(io.BytesIO(content))


def rows(content: bytes) -> Rows:
    """Return the rows of a file, without numbers and hashes."""
    found = [json.loads(line) for line in lines(content)]
    return [{k: v for k, v in row.items() if k not in {"n", "chain"}} for row in found]


def written(given: Rows, *, signed: bool = True) -> bytes:
    """Write rows as a file; signed by the forger, or with the signature that stood there."""
    writer = Writer()
    *body, end = given
    content = b"".join(_line(writer, row) for row in body)
    if signed:
        end = {
            "row": "end",
            "lines": writer.lines,
            "sha256": writer.digest,
            "key": FORGER.public_key().public_bytes_raw().hex(),
            "signature": FORGER.sign(keys.message_of_file(writer.digest)).hex(),
        }
    else:
        end = {**end, "lines": writer.lines, "sha256": writer.digest}
    return content + _line(writer, end)


def _line(writer: Writer, row: dict[str, Any]) -> bytes:
    return writer.line(row["row"], {k: v for k, v in row.items() if k != "row"})


def forged(forge: Forge, content: bytes = BROADCAST, *, signed: bool = True) -> bytes:
    """Return a file in which a forger changed rows."""
    given = rows(content)
    forge(given)
    return written(given, signed=signed)


def proven(content: bytes, **given: str) -> Report:
    """Return what a file proves."""
    return verify(lines(content), **given)


def broken(content: bytes, **given: str) -> set[str]:
    """Return the checks that do not hold; "unreadable" for no proof file."""
    try:
        report = proven(content, **given)
    except UnreadableError:
        return {"unreadable"}
    return {finding.check for finding in report.findings if finding.holds is False}
