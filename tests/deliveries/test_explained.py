"""Each statement goes by keys while the statistics are young: no table of people is read whole."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import psycopg
import pytest

from denrei.deliveries.connection import _KEYED
from denrei.deliveries.statements import names, statement
from tests.deliveries.world import World, settings_conninfo

#: Tables that grow with people.
_LARGE = "attention|audience|attempt|chunk|contact|cover|delivery|event|halt|silence|suppression"
_WHOLE = re.compile(rf"Seq Scan on ({_LARGE})\b")
#: These read a whole broadcast, or the list of open chunks, by design.
_BY_DESIGN = {
    "check_deliveries": "the audit recounts the ledger",
    "check_people": "the audit recounts the ledger",
    "check_chunks": "the audit recounts the ledger",
    "silence": "the night counts the deliveries of a broadcast",
    "silence_heard": "the night asks of each silent contact",
}
_NOW = datetime(2026, 11, 22, tzinfo=UTC)
#: A value for each parameter; what is not here is the number 1.
_VALUES: dict[str, object] = {
    "worker": "w",
    "words": "",
    "address_key": "a",
    "facts": "{}",
    "statuses": "{}",
    "number": b"n",
    "started": _NOW,
    "taken": _NOW,
    "patient": True,
    "lease": 30.0,
    "pepper": "p",
    "people": 20_000,
}
_TEXT_ARRAYS = {"providers", "replies", "raws"}


def _parameters(text: str, organization: int, broadcast: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in set(re.findall(r"%\((\w+)\)s", text)):
        cast = re.search(rf"%\({name}\)s::(\w+)\[\]", text)
        if cast is not None:
            found[name] = {"text": ["x"], "bytea": [b"x"], "boolean": [False], "jsonb": ["{}"]}.get(
                cast[1], [1]
            )
        else:
            found[name] = _VALUES.get(name, 1)
    return found | {"organization": organization, "broadcast": broadcast}


@pytest.fixture
def young(world: World) -> tuple[World, int]:
    """A world whose tables were analysed while they were empty, and grew since."""
    with psycopg.connect(settings_conninfo(), autocommit=True) as owner:
        owner.execute("ANALYZE")
    world.lane()
    world.people(3000)
    launched = world.launch()
    world.slices(launched.broadcast_id)
    return world, launched.broadcast_id


def test_no_statement_reads_a_table_of_people_whole(young: tuple[World, int]) -> None:
    world, broadcast = young
    read_whole = {}
    with psycopg.connect(settings_conninfo(), autocommit=True) as connection:
        connection.execute("SET ROLE denrei_worker")
        connection.execute(
            "SELECT set_config('denrei.organization', %s, false)", (str(world.organization.id),)
        )
        for setting, value in _KEYED.items():
            connection.execute(f"SET {setting} = {value}".encode())
        for name in sorted(set(names()) - _BY_DESIGN.keys()):
            text = statement(name)
            rows = connection.execute(
                b"EXPLAIN (COSTS off) " + text.encode(),
                _parameters(text, world.organization.id, broadcast),
            ).fetchall()
            plan = "\n".join(row[0] for row in rows)
            if _WHOLE.search(plan):
                read_whole[name] = plan

    assert read_whole == {}
