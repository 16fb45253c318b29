"""The slices of a launch: deliveries of the next people, in one transaction, restartable.

A slice is fenced by the lock of its `run` row; a second janitor passes by.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from denrei.audience import freezing
from denrei.deliveries.attention import noting
from denrei.deliveries.connection import Ask, LedgerConnection

#: The wave of the launch; later ones are 再通知 (OPS-1).
FIRST = 1
#: People in the first slice, so that the first mail is out soon; each later one has so many times as many, up
#: to some 0.2 s of one connection (ADR 0004), while those before are being sent.
FIRST_PEOPLE, GROWTH, PEOPLE = 1_000, 4, 20_000


class _Wave(NamedTuple):
    """A wave as SLICE_LOCK gives it."""

    cursor: int
    #: How many are written.
    slices: int
    priority: int
    started: datetime
    steps: list[dict[str, Any]]
    #: People with better evidence are left out.
    most: int
    #: These recipients only; None: everybody.
    chosen: list[int] | None
    #: Who waits for an earlier message gets none.
    patient: bool

    def next_people(self) -> int:
        """Return how many people the next slice has."""
        return int(min(FIRST_PEOPLE * GROWTH ** min(self.slices, 8), PEOPLE))

    def cuts(self) -> dict[str, list[Any]]:
        """Return how the deliveries of each step are cut into chunks, and when they begin."""
        return {
            "sizes": [step["size"] for step in self.steps],
            "afters": [step["after"] for step in self.steps],
            "sequential": [step["sequential"] for step in self.steps],
        }

    def rule(self) -> dict[str, object]:
        """Return whom the wave reaches, as `slice` asks for it."""
        return {
            "most": self.most,
            "chosen": self.chosen,
            "patient": self.patient,
            "started": self.started,
        }


async def next_slice(
    connection: LedgerConnection,
    organization: int,
    broadcast: int,
    wave: int,
    people: int | None = None,
) -> bool:
    """Write the next slice, of so many people; return whether it was written by this call."""
    async with connection.transaction(organization) as ask:
        held = await ask("slice_lock", {"broadcast": broadcast, "wave": wave})
        if held:
            locked = _Wave(*held[0])
            await _write(ask, broadcast, wave, people or locked.next_people(), locked)
    return bool(held)


async def _write(ask: Ask, broadcast: int, wave: int, people: int, locked: _Wave) -> None:
    where = {
        "broadcast": broadcast,
        "wave": wave,
        "cursor": locked.cursor,
        "priority": locked.priority,
    }
    steps = locked.steps
    columns = {
        "media": [step["medium"] for step in steps],
        "slots": [step["slots"] for step in steps],
        "lanes": [step["lane"] for step in steps],
    }
    floors = {row[0]: row[1:] for row in await ask("floor", {**where, **columns})}
    bases, shares, blocks = zip(*(floors[step["lane"]] for step in steps), strict=True)
    await ask("in_order", {})
    frozen = await ask("freeze", {**where, "pages": -(-people // freezing.PAGE)})
    written = await ask(
        "slice",
        {
            **where,
            "bound": frozen[0][0],
            **columns,
            **locked.rule(),
            "people": people,
            **locked.cuts(),
            "bases": list(bases),
            "steps": list(shares),
            "blocks": list(blocks),
        },
    )
    found, upto, planned, _, left_out = written[0]
    if found:
        await ask("cover", {**where, **columns, "upto": upto})
        found_out = "contact_found" if wave > FIRST else "no_contact"
        await ask(found_out, {**where, "upto": upto})
    for call in noting.noted(left_out):
        await ask(*call)
    await ask(
        "advance", {**where, "upto": upto, "people": found, "size": people, "planned": planned}
    )
