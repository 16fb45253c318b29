"""The sections of a proof file, in their order: each kind of row with the statement that reads it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from denrei.domain.proof import commitments
from denrei.domain.proof.lines import FORMAT, VERSION
from denrei.domain.proof.rows import Kind, Scope
from denrei.reports.board import UnknownBroadcastError, board
from denrei.reports.proof import snapshot
from denrei.reports.proof.snapshot import Fields, Range

Line = tuple[Kind, Fields]


class Part(NamedTuple):
    """One section that is read from people to people."""

    kind: Kind
    statement: str
    #: By the deliveries to these people.
    chosen: bool = False


DELIVERIES = Part(Kind.DELIVERY, "deliveries", chosen=True)
COVERS = Part(Kind.COVER, "covers", chosen=True)
ATTEMPTS = Part(Kind.ATTEMPT, "attempts", chosen=True)
EVENTS = Part(Kind.EVENT, "events", chosen=True)
RESPONSES = Part(Kind.RESPONSE, "responses")
LOOKS = Part(Kind.LOOK, "looks", chosen=True)
HALTS = Part(Kind.HALT, "halts")
HELPS = Part(Kind.HELP, "helps")


class Sections:
    """Reads one broadcast; the transaction sees one moment (`snapshot.opened`).

    `by`: who takes the file out. `recipient_id`: one person's rows only; None: everybody's.
    """

    def __init__(
        self, organization_id: int, broadcast_id: int, by: str, recipient_id: int | None
    ) -> None:
        self._organization_id = organization_id
        self._broadcast_id = broadcast_id
        self._by = by
        self._recipient_id = recipient_id
        self._seals: list[Fields] = []
        self._horizons: list[int] = []
        #: Commitments of one person's own leaves by their seals.
        self._own: defaultdict[int, set[bytes]] = defaultdict(set)

    def __iter__(self) -> Iterator[Line]:
        """Yield all rows but the end. UnknownBroadcastError before the first."""
        yield Kind.HEAD, self._head()
        self._seals = list(snapshot.rows("seals", self._asked()))
        self._horizons = [seal["horizon"] for seal in self._seals]
        yield from ((Kind.WAVE, row) for row in snapshot.rows("waves", self._asked()))
        ranges = yield from self._people()
        yield from self._part(DELIVERIES, ranges)
        yield from self._part(COVERS, ranges)
        yield from self._part(ATTEMPTS, ranges)
        yield from self._part(EVENTS, ranges)
        for row in snapshot.streamed("apart", self._asked(self._bounds)):
            yield Kind.EVENT, self._sealed(Kind.EVENT, row)
        yield from self._part(RESPONSES, ranges)
        yield from self._part(LOOKS, ranges)
        yield from self._part(HALTS, self._with_waves(ranges))
        yield from self._part(HELPS, ranges)
        yield from self._others()
        yield from ((Kind.SEAL, seal) for seal in self._seals)

    def _head(self) -> Fields:
        found = next(snapshot.rows("head", self._asked()), None)
        if found is None:
            raise UnknownBroadcastError(self._broadcast_id)
        at = datetime.fromisoformat(found["exported_at"])
        found["exported_at"] = snapshot.time_text(at.astimezone(ZoneInfo(found["time_zone"])))
        return {
            "format": FORMAT,
            "version": VERSION,
            "scope": (Scope.BROADCAST if self._recipient_id is None else Scope.PERSON).value,
            "recipient": self._recipient_id,
            **found,
            "exported_by": self._by,
            **self._counted(),
        }

    def _counted(self) -> Fields:
        """Both equations by the counters; one person's file can't prove them and has none."""
        if self._recipient_id is not None:
            return {"people": None, "deliveries": None}
        shown = board(self._organization_id, self._broadcast_id)
        return {"people": asdict(shown.people), "deliveries": asdict(shown.deliveries)}

    @property
    def _bounds(self) -> Range:
        if self._recipient_id is None:
            return Range(snapshot.LEAST, snapshot.MOST)
        return Range(self._recipient_id - 1, self._recipient_id)

    def _people(self) -> Generator[Line, None, list[Range]]:
        """Yield people; return the ranges in which everything else is read."""
        ranges = []
        for place, people in snapshot.pieces(self._broadcast_id, self._bounds):
            ranges.append(place)
            yield from ((Kind.PERSON, row) for row in people)
        return ranges

    def _part(self, part: Part, ranges: Iterable[Range]) -> Iterator[Line]:
        for place in ranges:
            for row in snapshot.rows(part.statement, self._asked(place), chosen=part.chosen):
                yield part.kind, self._sealed(part.kind, row)

    def _with_waves(self, ranges: list[Range]) -> list[Range]:
        """What halts a wave concerns everybody; its recipient is below 0."""
        return ranges if self._recipient_id is None else [_WAVES, *ranges]

    def _sealed(self, kind: Kind, row: Fields) -> Fields:
        """Say of a leaf which seal it is in: the first whose horizon is above its transaction."""
        commit = _COMMITMENTS.get(kind)
        if commit is None:
            return row
        place = bisect_right(self._horizons, row["xid"])
        is_in_one = place < len(self._seals) and row.get("sealable", True)
        row["seal"] = self._seals[place]["no"] if is_in_one else None
        if is_in_one and self._recipient_id is not None:
            self._own[row["seal"]].add(commit(row))
        return row

    def _others(self) -> Iterator[Line]:
        """Yield the leaves of others in the seals that hold one person's: their hashes tell nothing."""
        first = 0
        for seal in self._seals:
            own = self._own.get(seal["no"])
            asked = {**self._asked(), "first": first, "horizon": seal["horizon"]}
            for row in snapshot.streamed("leaves", asked) if own else ():
                if bytes.fromhex(row["commitment"]) not in own:  # type: ignore[operator] # there are some
                    yield Kind.LEAF, {"seal": seal["no"], **row}
            first = seal["horizon"]

    def _asked(self, place: Range | None = None) -> dict[str, int]:
        asked: dict[str, int] = {
            "broadcast": self._broadcast_id,
            "covered": self._recipient_id is not None,
        }
        return asked | place._asdict() if place else asked


_WAVES = Range(snapshot.LEAST, 0)
_COMMITMENTS: Mapping[Kind, Callable[[Fields], bytes]] = {
    Kind.ATTEMPT: commitments.of_attempt,
    Kind.EVENT: commitments.of_event,
}
