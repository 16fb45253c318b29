"""A handful of people with every kind of contact that the ledger treats differently, committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from hypothesis import strategies as st

from denrei.accounts import tenancy
from denrei.deliveries.lanes import LaneSettings
from denrei.deliveries.launch import Step
from denrei.deliveries.statements import statement
from denrei.directory.models import Contact, Household, Recipient
from denrei.domain.states import Medium
from tests.deliveries.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """One person. A contact is "own", "shared" by all who say so, or "" for none."""

    household: int | None
    mail: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an example begins with."""

    people: tuple[Somebody, ...]
    #: Addresses that had failed before: "bad" is suppressed, "watched" was.
    bad: frozenset[str]
    watched: frozenset[str]
    chunk_size: int
    window: int
    #: "resend" or "leave"
    doubt: str
    #: Calls begin that many seconds after the mails.
    calls_after: int
    #: The example may have crashes, pauses and lost answers.
    faults: bool


SHARED = "shared"
_CONTACT = st.sampled_from(["own", SHARED])
_ADDRESSES = ("mail-shared", "mail-0", "mail-1", "phone-shared", "phone-0-1")
people = st.builds(
    Somebody,
    household=st.sampled_from([None, 0, 0]),
    mail=st.sampled_from(["own", "own", SHARED, SHARED, ""]),
    phones=st.sampled_from([(), (), (), ("own", "own"), (SHARED,), ("own", SHARED)]),
)
plans = st.builds(
    Plan,
    people=st.lists(people, min_size=2, max_size=6).map(tuple),
    bad=st.frozensets(st.sampled_from(_ADDRESSES), max_size=1),
    watched=st.frozensets(st.sampled_from(_ADDRESSES), max_size=1),
    chunk_size=st.integers(1, 4),
    window=st.integers(1, 3),
    doubt=st.sampled_from(["resend", "resend", "leave"]),
    calls_after=st.sampled_from([0, 600]),
    faults=st.sampled_from([True, True, True, False]),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A launched broadcast, of which nothing is sliced yet."""

    organization: int
    broadcast: int
    lanes: tuple[int, ...]


def founded(world: World, plan: Plan) -> City:
    """Commit the people of a plan and launch a broadcast to all of them."""
    world.lane(
        Medium.MAIL,
        chunk_size=plan.chunk_size,
        window=plan.window,
        doubt=plan.doubt,
        retry_seconds=[60, 60],
    )
    world.lane(Medium.PHONE, chunk_size=1, window=1, sequential=True, rounds=2, doubt=plan.doubt)
    with tenancy.acting_for(world.organization.id):
        _settle(world, plan.people)
    launched = world.launch(
        steps=(
            Step(medium=Medium.MAIL),
            Step(medium=Medium.PHONE, after_seconds=plan.calls_after),
        )
    )
    return City(
        organization=world.organization.id,
        broadcast=launched.broadcast_id,
        lanes=tuple(lane.pk for lane in world.lanes.values()),
    )


def _settle(world: World, plan: Sequence[Somebody]) -> None:
    organization = world.organization
    home = Household.objects.create(organization=organization, code="home")
    people = Recipient.objects.bulk_create(
        Recipient(
            organization=organization,
            name=f"伝令 {n}",
            household=None if somebody.household is None else home,
        )
        for n, somebody in enumerate(plan)
    )
    Contact.objects.bulk_create(
        Contact(
            organization=organization,
            recipient=people[n],
            medium=medium,
            slot=slot,
            address=address,
            address_key=address,
        )
        for n, somebody in enumerate(plan)
        for medium, slot, address in _contacts(n, somebody)
    )


def _contacts(n: int, somebody: Somebody) -> list[tuple[Medium, int, str]]:
    mail = {"": [], "own": [f"mail-{n}"], SHARED: ["mail-shared"]}[somebody.mail]
    phones = [
        "phone-shared" if phone == SHARED else f"phone-{n}-{slot}"
        for slot, phone in enumerate(somebody.phones, 1)
    ]
    return [(Medium.MAIL, 1, address) for address in mail] + [
        (Medium.PHONE, slot, address) for slot, address in enumerate(phones, 1)
    ]


def remember(eye: psycopg.Connection, organization: int, plan: Plan) -> None:
    """Commit which addresses had failed before."""
    for address in sorted(plan.bad | plan.watched):
        eye.execute(
            "INSERT INTO suppression (organization_id, medium, address_key, reason, until)"
            " VALUES (%s, %s, %s, 1, now() + %s * interval '1 day')",
            (
                organization,
                Medium.PHONE if address.startswith("phone") else Medium.MAIL,
                address,
                30 if address in plan.bad else -1,
            ),
        )


def lane_settings(eye: psycopg.Connection, lane: int) -> LaneSettings:
    """Read a lane as a worker does."""
    row = eye.execute(statement("lane"), {"lane": lane}).fetchone()
    assert row is not None
    return LaneSettings.from_row(row)
