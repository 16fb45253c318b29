"""The steps of the watch, run once on a connection of their own, as a worker does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.watch import alarms, counting, curves
from denrei.deliveries.watch.alarms import PATIENCE, Patience
from denrei.deliveries.watch.models import BreakdownKind
from denrei.deliveries.watch.watcher import Watcher
from tests.deliveries.world import World, settings_conninfo

Found = TypeVar("Found")


def once(act: Callable[[LedgerConnection], Awaitable[Found]]) -> Found:
    """Do something on a connection of a worker."""

    async def run() -> Found:
        async with LedgerConnection(settings_conninfo()) as connection:
            return await act(connection)

    return asyncio.run(run())


def draw(world: World, *broadcasts: int, least: float = 0.0) -> list[int]:
    """Draw the next points; by default however young the last ones are."""
    organization = world.organization.pk
    return once(lambda connection: curves.draw(connection, organization, broadcasts, least=least))


def count(world: World, *broadcasts: int, unfinished: bool = False) -> list[int]:
    """Count by unit and group what is due; return what was counted."""
    due = dict.fromkeys(broadcasts, unfinished)
    organization = world.organization.pk
    return once(lambda connection: counting.count(connection, organization, due))


def counts(world: World, broadcast: int, kind: BreakdownKind) -> dict[int, tuple[int, ...]]:
    """Return key → people, answered, reached, unreached, no contact."""
    rows = world.ask(
        "SELECT key, people, answered, reached, unreached, no_contact FROM breakdown"
        " WHERE broadcast_id = %s AND kind = %s ORDER BY key",
        broadcast,
        kind,
    )
    return {row[0]: row[1:] for row in rows}


def move(world: World, *broadcasts: int) -> None:
    """Look whether unfinished broadcasts move."""
    asked = {"broadcasts": list(broadcasts)}
    once(lambda connection: connection.run("motion", asked, organization=world.organization.pk))


def look(world: World, patience: Patience = PATIENCE) -> bool:
    """Open and close the alarms of an organization; tell whether somebody is to be told."""
    return once(lambda connection: alarms.look(connection, world.organization.pk, patience))


def round_once() -> list[int]:
    """Go one round over everything; return the organizations where somebody is to be told."""
    heard: list[int] = []
    once(lambda connection: Watcher(connection, heard.append).round())
    return heard
