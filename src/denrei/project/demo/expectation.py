"""What must arrive, read from the people's file alone: one half of the judge.

It knows the rules of the product as its users would tell them, and nothing of how it works: mail
slots 1 and 2 receive (SCH-3); one address of one household gets one message (NEW-5); the end of a
local part tells which addresses refuse (see `city`).
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    #: Address -> for each household that holds it, the codes of its holders there.
    holders: Mapping[str, tuple[frozenset[str], ...]] = field(default_factory=dict)


def expected(path: Path) -> Expectation:
    """Read a people's file (UTF-8, with or without BOM). KeyError: a column is missing."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    holders: dict[tuple[str, str], set[str]] = {}
    without = []
    for row in rows:
        addresses = {_address(row[slot]) for slot in _RECEIVING} - {""}
        holder = row["世帯コード"] or f"alone:{row['利用者コード']}"
        for address in addresses:
            holders.setdefault((address, holder), set()).add(row["利用者コード"])
        if not addresses:
            without.append(row["利用者コード"])
    counts = Counter(address for address, _ in holders)
    by_address: dict[str, list[frozenset[str]]] = {}
    for (address, _), codes in holders.items():
        by_address.setdefault(address, []).append(frozenset(codes))
    return Expectation(
        people=len(rows),
        messages={a: count for a, count in counts.items() if not _refuses(a)},
        refused={a: count for a, count in counts.items() if _refuses(a)},
        holders={address: tuple(households) for address, households in by_address.items()},
        without_contact=tuple(without),
    )


def _address(cell: str) -> str:
    local, at, domain = cell.strip().rpartition("@")
    return local + at + domain.lower()


def _refuses(address: str) -> bool:
    return address.rpartition("@")[0].endswith(_REFUSING)
