"""Row 7: what is told later comes thrice and in any order, and the tables end alike.

One prepared database is copied for each seed; a process of its own plays that seed on its copy. The
tables are then compared by `chaos.tables`, which knows nothing of denrei.
"""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from chaos import tables
from chaos.ground import ask
from chaos.row import Row, Scale
from tools import ground as base
from tools.ground import Ground

#: Broadcasts to the same people: an address can fail in several.
_BROADCASTS = 3
#: Seconds that one seed gets.
_PATIENCE = 300
_PHONES = """
INSERT INTO contact (organization_id, recipient_id, medium, address, address_key)
SELECT organization_id, id, 2, '090' || lpad(id::text, 8, '0'), '090' || lpad(id::text, 8, '0') FROM recipient
"""
_TARGET = "every table alike after every seed"


def run(scale: Scale) -> Row:
    """Play the seeds, and compare."""
    people, seeds = scale.pick(400, 60), scale.pick(10, 4)
    with base.ground() as where:
        _prepare(where, people)
        origin = os.environ["DATABASE_URL"]
        told, found = 0, []
        for seed in range(seeds):
            copy = _copy(origin, f"seed_{seed}")
            told = _played(seed, copy)
            found.append(tables.read(copy))
    differing = sorted({name for one in found for name in tables.differing(found[0], one)})
    figure = {
        "seeds": seeds,
        "events": told,
        "rows": {name: len(rows) for name, rows in found[0].items()},
        "differing": differing,
        "example": next(filter(None, (tables.example(found[0], one) for one in found)), None),
    }
    passed = not differing and told > 0 and all(found[0].values())
    return Row(number=7, name="order of events", figure=figure, target=_TARGET, passed=passed)


def _prepare(where: Ground, people: int) -> None:
    """Write the deliveries of some broadcasts by mail and SMS; send nothing."""
    from asgiref.sync import async_to_sync
    from django.db import connections

    where.people(people)
    ask(_PHONES)
    broadcasts = [_launched(where) for _ in range(_BROADCASTS)]
    async_to_sync(_write_slices)(where.organization.pk, broadcasts)
    connections.close_all()


def _launched(where: Ground) -> int:
    from django.conf import settings

    from denrei.channels.simulator import Simulator
    from denrei.deliveries import gateways
    from denrei.deliveries.launch import Step, launch
    from denrei.deliveries.registering import register
    from denrei.domain.states import Medium

    media = (Medium.MAIL, Medium.SMS)
    if not ask("SELECT FROM lane"):
        for medium in media:
            safe = gateways.vault([settings.SECRET_KEY])
            register(where.organization, Simulator(), safe, medium=medium)
    order = where.order(steps=tuple(Step(medium=medium) for medium in media))
    return launch(where.organization, order).broadcast_id


async def _write_slices(organization: int, broadcasts: list[int]) -> None:
    from denrei.deliveries import slicing
    from denrei.deliveries.connection import LedgerConnection

    async with LedgerConnection(os.environ["DATABASE_URL"]) as ledger:
        for broadcast in broadcasts:
            while await slicing.next_slice(ledger, organization, broadcast, slicing.FIRST):
                pass


def _copy(origin: str, name: str) -> str:
    """Copy the prepared database; return the address of the copy."""
    server = make_conninfo(origin, dbname="postgres")
    with psycopg.connect(server, autocommit=True) as owner:
        names = sql.Identifier(name), sql.Identifier(str(conninfo_to_dict(origin)["dbname"]))
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    return make_conninfo(origin, dbname=name)


def _played(seed: int, database: str) -> int:
    """Play a seed in a process of its own; return how many events were new."""
    done = subprocess.run(
        [sys.executable, "-m", "chaos.telling", str(seed)],
        env={**os.environ, "DATABASE_URL": database},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=_PATIENCE,
    )
    return int(done.stdout)
