"""What must arrive, read from the people's file alone: one half of the judge.

It knows the rules of the product as its users would tell them, and nothing of how it works: mail
slots 1 and 2 receive (SCH-3); one address of one household gets one message (NEW-5); the end of a
local part tells which addresses refuse (see `city`).
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_RECEIVING = ("メールアドレス1", "メールアドレス2")
_REFUSING = (".unknown", ".filter", ".full")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Who is to receive how many messages of one broadcast to everybody."""

    people: int
    #: Address -> messages; more than 1 only where people of different households hold it.
    messages: Mapping[str, int]
    #: Address -> messages that must be refused.
    refused: Mapping[str, int]
    #: Codes of people without an address in a slot that receives.
    without_contact: tuple[str, ...]


def expected(path: Path) -> Expectation:
    """Read a people's file (UTF-8, with or without BOM). KeyError: a column is missing."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    holders: set[tuple[str, str]] = set()
    without = []
    for row in rows:
        addresses = {_address(row[slot]) for slot in _RECEIVING} - {""}
        holder = row["世帯コード"] or f"alone:{row['利用者コード']}"
        holders.update((holder, address) for address in addresses)
        if not addresses:
            without.append(row["利用者コード"])
    counts = Counter(address for _, address in holders)
    return Expectation(
        people=len(rows),
        messages={a: count for a, count in counts.items() if not _refuses(a)},
        refused={a: count for a, count in counts.items() if _refuses(a)},
        without_contact=tuple(without),
    )


def _address(cell: str) -> str:
    local, at, domain = cell.strip().rpartition("@")
    return local + at + domain.lower()


def _refuses(address: str) -> bool:
    return address.rpartition("@")[0].endswith(_REFUSING)
