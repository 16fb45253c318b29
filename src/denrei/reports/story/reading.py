"""From the rows of `story.sql` to entries, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

from denrei.deliveries.models import WaveKind
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium, Phase, State
from denrei.reports.story.entries import (
    Answered,
    Delivery,
    Entry,
    Halted,
    Help,
    Helped,
    Looked,
    Meant,
    Released,
    Reported,
    Suppressed,
    Tried,
)

Row = Mapping[str, Any]
#: `attempt.kind` of what the reaper wrote.
_UNKNOWN = 1
#: Acts of the audit trail that a story tells.
_HELPS = frozenset(Help)
#: Of what happened in one moment, the cause comes first.
_CAUSES = (
    Meant,
    Suppressed,
    Tried,
    Reported,
    Looked,
    Answered,
    Helped,
    Halted,
    Released,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the statement returns besides the person, in its order."""

    waves: Sequence[Row]
    deliveries: Sequence[Row]
    attempts: Sequence[Row]
    events: Sequence[Row]
    views: Sequence[Row]
    answers: Sequence[Row]
    halts: Sequence[Row]
    releases: Sequence[Row]
    calls: Sequence[Row]

    @classmethod
    def of(cls, lists: Sequence[Sequence[Row]]) -> Self:
        """Name the lists."""
        return cls(**dict(zip((one.name for one in fields(cls)), lists, strict=True)))


def deliveries(rows: Rows, recipient_id: int) -> tuple[Delivery, ...]:
    """Return the deliveries that reach a person, by wave and medium."""
    return tuple(_delivery(row, recipient_id) for row in rows.deliveries)


def answers(rows: Rows) -> tuple[Answered, ...]:
    """Return the answers of the person, the first first."""
    return tuple(
        Answered(
            at=_time(row["at"]),
            id=row["id"],
            medium=Medium(row["medium"]) if row["medium"] else None,
            choice=row["choice"],
            words=row["choice_words"],
            needs_help=row["needs_help"],
            comment=row["comment"],
            source=row["source"],
            late=row["late"],
            by=row["by"] or "",
            number=number,
            is_latest=number == len(rows.answers),
            worsened=row["worsened"],
        )
        for number, row in enumerate(rows.answers, 1)
    )


def entries(rows: Rows, reached: Sequence[Delivery], given: Sequence[Answered]) -> list[Entry]:
    """Return everything that happened, newest first."""
    by_id = {delivery.id: delivery for delivery in reached}
    found = [
        *_meant(rows.waves, reached),
        *_suppressed(reached),
        *_tried(rows.attempts, by_id),
        *_reported(rows.events, by_id),
        *_looked(rows.views, by_id),
        *given,
        *_halted(rows.halts, reached, given),
        *_released(rows.releases, reached),
        *_helped(rows.calls),
    ]
    return sorted(found, key=lambda entry: (entry.at, _CAUSES.index(type(entry))), reverse=True)


def _time(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _delivery(row: Row, recipient_id: int) -> Delivery:
    return Delivery(
        id=row["id"],
        wave=row["wave"],
        contact_id=row["contact_id"],
        medium=Medium(row["medium"]),
        slot=row["slot"],
        address=row["address"],
        state=State(row["state"]),
        reason=Reason(row["reason"]),
        evidence=Evidence(row["evidence"]),
        leased=row["leased"],
        doubts=row["doubts"],
        next_at=_time(row["next_at"]) if row["next_at"] else None,
        updated_at=_time(row["updated_at"]),
        others=tuple(row["others"]),
        is_others=row["recipient_id"] != recipient_id,
        bad_reason=Reason(row["bad_reason"]) if row["bad_reason"] is not None else None,
        bad_since=_time(row["bad_since"]) if row["bad_since"] else None,
    )


def _meant(waves: Sequence[Row], reached: Sequence[Delivery]) -> Iterator[Meant]:
    """Yield the waves that the person belongs to: the launch, and each with a delivery."""
    for wave in waves:
        own = tuple(delivery for delivery in reached if delivery.wave == wave["wave"])
        if own or wave["wave"] == 1:
            yield Meant(
                at=_time(wave["started_at"]),
                wave=wave["wave"],
                kind=WaveKind(wave["kind"]),
                reworded=wave["reworded"],
                by=wave["by"] or "",
                deliveries=own,
                is_planned=wave["planned"],
            )


def _suppressed(reached: Sequence[Delivery]) -> Iterator[Suppressed]:
    for delivery in reached:
        if delivery.state is State.SUPPRESSED:
            yield Suppressed(at=delivery.updated_at, delivery=delivery)


def _tried(attempts: Sequence[Row], by_id: Mapping[int, Delivery]) -> Iterator[Tried]:
    """Yield attempts in order; what the wire told and what the reaper wrote may be of one try."""
    silent: set[tuple[int, int]] = set()
    generations: defaultdict[int, list[int]] = defaultdict(list)
    for row in attempts:
        delivery, generation = row["delivery_id"], row["generation"]
        is_silence = row["kind"] == _UNKNOWN
        if is_silence:
            silent.add((delivery, generation))
        if generation not in generations[delivery]:
            generations[delivery].append(generation)
        yield Tried(
            at=_time(row["at"]),
            delivery=by_id[delivery],
            generation=generation,
            number=generations[delivery].index(generation) + 1,
            state=State(row["state"]),
            reason=Reason(row["reason"]),
            phase=Phase(row["phase"]),
            gateway=row["gateway"] or "",
            took_ms=row["took_ms"],
            provider_id=row["provider_id"],
            reply=row["reply"],
            is_silence=is_silence,
            is_late=not is_silence and (delivery, generation) in silent,
        )


def _reported(events: Sequence[Row], by_id: Mapping[int, Delivery]) -> Iterator[Reported]:
    for row in events:
        yield Reported(
            at=_time(row["at"]),
            delivery=by_id[row["delivery_id"]],
            source=row["source"],
            state=State(row["state"]),
            reason=Reason(row["reason"]),
            evidence=Evidence(row["evidence"]),
            raw=row["raw"],
        )


def _looked(views: Sequence[Row], by_id: Mapping[int, Delivery]) -> Iterator[Looked]:
    for row in views:
        yield Looked(
            at=_time(row["at"]),
            id=row["id"],
            delivery=by_id[row["delivery_id"]],
            kind=row["kind"],
            user_agent=row["user_agent"],
            address=row["address"],
        )


def _halted(
    halts: Sequence[Row], reached: Sequence[Delivery], given: Sequence[Answered]
) -> Iterator[Halted]:
    """Yield each halt with what it ended: of the person, or of a wave (minus its number)."""
    for row in halts:
        at, reason, wave = _time(row["at"]), Reason(row["reason"]), -row["recipient_id"]
        ended = tuple(
            delivery
            for delivery in reached
            if delivery.state in (State.CANCELLED, State.EXPIRED)
            and delivery.reason is reason
            and (wave < 0 or delivery.wave == wave)
        )
        # an answer alone tells all; so does a time to give up that nothing waited for
        if ended or reason is Reason.STOPPED:
            # an answer halts in its own transaction, whose time is that of its begin
            answer = next((one for one in given if wave < 0 and one.at >= at), None)
            yield Halted(
                at=answer.at if answer else at,
                reason=reason,
                by=row["by"] or "",
                answer=answer,
                deliveries=ended,
            )


def _released(releases: Sequence[Row], reached: Sequence[Delivery]) -> Iterator[Released]:
    by_contact = {delivery.contact_id: delivery for delivery in reached}
    for row in releases:
        yield Released(
            at=_time(row["at"]),
            by=row["by"] or "",
            delivery=by_contact[row["contact_id"]],
            heard=row["heard"],
            tested=row["tested"],
        )


def _helped(calls: Sequence[Row]) -> Iterator[Helped]:
    for call in calls:
        for row in call["acts"]:
            if row["action"] in _HELPS:
                yield Helped(at=_time(row["at"]), what=Help(row["action"]), by=row["by"])
        if call["closed_at"] and call["closed_by_id"] is None:
            yield Helped(at=_time(call["closed_at"]), what=Help.TAKEN_BACK, by="")
