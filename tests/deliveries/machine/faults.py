"""Faults to plant in the ledger's statements; the machine must catch each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import LiteralString

from denrei.deliveries.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Statements that are not what they should be."""

    #: What the law says that it breaks.
    caught_by: str
    #: Name → what stands in its text → what shall stand there.
    edits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Name → the whole text.
    instead: Mapping[str, LiteralString] = field(default_factory=dict)

    def texts(self) -> Callable[[str], LiteralString]:
        """Return all statements, with the fault. AssertionError where it does not fit any more."""
        changed = {**self.instead, **{name: self._edited(name) for name in self.edits}}
        return lambda name: changed.get(name) or statement(name)

    def _edited(self, name: str) -> LiteralString:
        text = statement(name)
        for old, new in self.edits[name].items():
            assert old in text, f"the fault does not fit {name}.sql any more"
            text = text.replace(old, new)
        return text


_BY_RANK = "(d.fold_rank, -d.reason) < (b.fold_rank, -b.reason)"
FAULTS: Mapping[str, Fault] = {
    "no fencing": Fault(
        caught_by="not his to change",
        edits={
            "record": {"AND generation = %(generation)s AND state = 1 FOR UPDATE": "FOR UPDATE"}
        },
    ),
    # What is durable at the moment of the send: nothing says that anybody holds the chunk.
    "on the wire before the claim has committed": Fault(
        caught_by="sent without a lease",
        instead={
            "claim": """
                SELECT organization_id, id, broadcast_id, wave, nextval('generation_seq'), priority
                  FROM chunk WHERE state = 0 AND lane = %(lane)s ORDER BY id LIMIT 1""",
            "open": "SELECT %(chunk)s::bigint",
        },
    ),
    "silence taken as failure": Fault(
        caught_by="not his to change|failed without an answer",
        edits={"reap": {"state = CASE WHEN doubt.leave THEN 9 ELSE 0 END": "state = 4"}},
    ),
    "a fold that depends on the order": Fault(
        caught_by="folded otherwise|a state without a rank|not his to change",
        edits={"fold": {_BY_RANK: "b.fold_rank > 0", "d.fold_rank < b.fold_rank": "true"}},
    ),
    "a stop that touches what is in flight": Fault(
        caught_by="not his to change",
        edits={
            "sweep": {"(d.chunk_id IS NULL OR d.chunk_id IN (SELECT id FROM free))": "true"},
            "stop_chunk": {
                "AND state = 0 LIMIT": "AND state < 2 ORDER BY id LIMIT",
                "AND state = 0 AND lane = (SELECT lane FROM next)": "AND state < 2 AND"
                " lane = (SELECT lane FROM next) ORDER BY id",
            },
        },
    ),
}
