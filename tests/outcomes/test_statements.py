"""Each statement goes by keys while the statistics are young: a storm of bounces reads no table whole."""

from __future__ import annotations

import re

import psycopg
import pytest

from denrei.outcomes.statements import names, statement
from tests.deliveries.world import World, settings_conninfo

_WHOLE = re.compile(r"Seq Scan on (contact|delivery|event|received_mail)\b")
_COLUMNS = {"text": ["p1@example.jp"], "bytea": [b"x"], "boolean": [False]}
#: Mails of the organization, read and its own.
_MAILS = """
INSERT INTO received_mail (organization_id, key, way, raw, size, read_at, told, recipient_id)
SELECT %s, sha256(n::text::bytea), 'lmtp', 'x', 1, now(), sha256(n::text::bytea), n FROM generate_series(1, 3000) n
"""


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("name", names())
def test_no_statement_reads_a_table_whole(name: str) -> None:
    world = World.create()
    with psycopg.connect(settings_conninfo(), autocommit=True) as owner:
        owner.execute("ANALYZE")
        world.lane()
        world.people(3000)
        world.slices(world.launch().broadcast_id)
        owner.execute(_MAILS, (world.organization.id,))
        owner.execute("SET ROLE denrei_worker")
        owner.execute(
            "SELECT set_config('denrei.organization', %s, false)", (str(world.organization.id),)
        )
        text = statement(name)
        plan = owner.execute(f"EXPLAIN {text}".encode(), _parameters(text, world)).fetchall()

    assert [line for (line,) in plan if _WHOLE.search(line)] == []


def _parameters(text: str, world: World) -> dict[str, object]:
    found: dict[str, object] = {"organization": world.organization.id, "mail": 1, "days": 7}
    for name, kind in re.findall(r"%\((\w+)\)s::(\w+)\[\]", text):
        found[name] = _COLUMNS.get(kind, [1])
    return found
