"""The judge of what hostile mail servers did: their own log against what the ledger says at the end.

Imports nothing of what it judges. The log is that of `chaos.hostile`; a fate is (address, state), read by
plain SQL. States are numbers of the table `delivery` (docs/explanation/ledger.md).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

#: Not final.
_WAITING = 0
_ACCEPTED = 1
#: Final, and the person may have the message: somebody took it or nobody knows.
_MAY_HAVE = {1, 2, 3, 9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """Counts of deliveries to one server."""

    deliveries: int
    #: In no final state.
    open: int
    #: Said to be handed over, and the server never had it.
    lost: int
    #: Said to have failed, and the server has said 250 to it.
    untrue: int
    #: Copies beyond the first.
    duplicates: int
    #: Connections that ended after the dot instead of a reply.
    cuts: int
    #: Copies of one message that bear different Message-IDs.
    unlike: int


def seconds_to_recover(log: Path, port: str) -> float:
    """Return the seconds from the last connection that was reset to the last message that was taken."""
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    mine = [event for event in events if event["port"] == port]
    back = max(event["at"] for event in mine if event["event"] == "reset")
    done = max((event["at"] for event in mine if event["event"] == "taken"), default=float("inf"))
    return float(done - back)


def judge(log: Path, fates: Iterable[tuple[str, int]]) -> Fates:
    """Return what the log says about these deliveries."""
    state = dict(fates)
    told, cut = Counter[str](), Counter[str]()
    ids: dict[str, set[str]] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] in {"taken", "cut"} and event["rcpt"] in state:
            (told if event["event"] == "taken" else cut)[event["rcpt"]] += 1
            ids.setdefault(event["rcpt"], set()).add(event["id"])
    copies = told + cut
    return Fates(
        deliveries=len(state),
        open=sum(1 for one in state.values() if one == _WAITING),
        lost=sum(1 for who, one in state.items() if one == _ACCEPTED and who not in copies),
        untrue=sum(1 for who, one in state.items() if one not in _MAY_HAVE and told[who]),
        duplicates=copies.total() - len(copies),
        cuts=cut.total(),
        unlike=sum(1 for found in ids.values() if len(found) > 1),
    )
