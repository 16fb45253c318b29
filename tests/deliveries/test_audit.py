"""The seal, recomputed here by other code from the ledger's rows, and what tampering does to it.

The rule, as an auditor reads it (NEW-1): a row's commitment is SHA-256 over its salt and its fields
joined by "|". The commitments of the rows of one seal, sorted and put together, give its root; the
hash of the seal before and the root give its hash. Which rows: those of transactions from the
horizon of the broadcast's seal before (inclusive) to its own (exclusive).

Erasing a row's personal data means erasing its salt and reply and keeping its commitment of 32
bytes, which says nothing without the salt. Then every other row still verifies, and the chain too.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
import pytest

from denrei.accounts import tenancy
from denrei.deliveries import fold
from denrei.deliveries.connection import LedgerConnection
from denrei.domain import folding
from denrei.domain.states import Evidence
from tests.deliveries.world import World, settings_conninfo, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-1", "ALL-3")]

_ATTEMPT = (
    "SELECT xid, salt, 'a', delivery_id, generation, kind, state, reason, phase, gateway_id, took_ms,"
    " at, provider_id, reply FROM attempt WHERE broadcast_id = %s"
)
_EVENT = (
    "SELECT xid, salt, 'e', source, event_key, delivery_id, fold_rank, state, evidence, reason,"
    " received_at, provider_id, raw FROM event WHERE broadcast_id = %s"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One attempt or event: when it was written, by transaction, and its commitment."""

    xid: int
    #: Names the row: its kind and its key.
    name: tuple[object, ...]
    commitment: bytes


def _words(value: object) -> str:
    """Return a field as PostgreSQL writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        since = value - _EPOCH
        return f"{since.days * 86_400 + since.seconds}.{since.microseconds:06d}"
    return value.hex() if isinstance(value, bytes) else str(value)


def _leaves(world: World, broadcast: int) -> list[Leaf]:
    rows = world.ask(_ATTEMPT, broadcast) + world.ask(_EVENT, broadcast)
    return [
        Leaf(
            xid,
            tuple(fields[:3]),
            hashlib.sha256(salt.bytes + "|".join(map(_words, fields)).encode()).digest(),
        )
        for xid, salt, *fields in rows
    ]


def _broken_seals(
    world: World, broadcast: int, kept: Mapping[tuple[object, ...], bytes] = {}
) -> list[int]:
    """Return the numbers of the seals that don't verify; `kept`: commitments of erased rows."""
    leaves = _leaves(world, broadcast)
    broken, horizon, chain = [], 0, b""
    for no, upto, n, root, link in world.ask(
        "SELECT no, horizon, n, root, hash FROM seal WHERE broadcast_id = %s ORDER BY no", broadcast
    ):
        found = sorted(
            kept.get(leaf.name, leaf.commitment) for leaf in leaves if horizon <= leaf.xid < upto
        )
        expected = hashlib.sha256(b"".join(found)).digest()
        chained = hashlib.sha256(chain + root).digest()
        if (n, root, link) != (len(found), expected, chained):
            broken.append(no)
        horizon, chain = upto, link
    return broken


def _seal(world: World, times: int = 1) -> None:
    """Seal as janitors do, so many of them at once."""

    async def seal() -> None:
        async with (
            LedgerConnection(settings_conninfo()) as connection,
            connection.transaction(world.organization.id) as ask,
        ):
            await ask("seal_lock", {})
            await ask("seal", {})

    async def together() -> None:
        await asyncio.gather(*(seal() for _ in range(times)))

    asyncio.run(together())


def _sealed(world: World, broadcast: int) -> Sequence[int]:
    """Return how many rows each seal of a broadcast holds, once all rows are sealed.

    A transaction that is open anywhere on the server puts off what came after it.
    """

    def all_of_them(_: object) -> bool:
        _seal(world)
        return sum(_counts(world, broadcast)) == len(_leaves(world, broadcast))

    world.until(broadcast, all_of_them)
    return _counts(world, broadcast)


def _counts(world: World, broadcast: int) -> list[int]:
    rows = world.ask("SELECT n FROM seal WHERE broadcast_id = %s ORDER BY no", broadcast)
    return [n for (n,) in rows]


@pytest.fixture
def broadcast(world: World) -> int:
    """Return a broadcast whose attempts are sealed, and in another seal two events."""
    world.lane(retry_seconds=[0, 0], rules={"p0": ["TEMPORARY", "accept"], "p1": ["UNKNOWN_USER"]})
    world.people(4)
    launched = world.launch().broadcast_id
    with workers(1):
        world.finished(launched)
    _sealed(world, launched)
    world.bounces(launched, "p2@example.jp")
    world.bounces(launched, "p3@example.jp")
    _sealed(world, launched)
    return launched


def _as_owner(sql: str, *parameters: object) -> int:
    """Do what no role of the application may."""
    with psycopg.connect(settings_conninfo()) as connection:
        return connection.execute(sql.encode(), parameters).rowcount


def test_the_chain_is_what_other_code_computes_from_the_rows(world: World, broadcast: int) -> None:
    assert _broken_seals(world, broadcast) == []
    assert sum(_counts(world, broadcast)) == 5 + 2


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE attempt SET reply = reply || ' '", id="a reply"),
        pytest.param("UPDATE attempt SET state = 1 WHERE state = 4", id="a failure made good"),
        pytest.param("UPDATE attempt SET reason = 0 WHERE reason <> 0", id="a reason"),
        pytest.param("UPDATE attempt SET at = at - interval '1 microsecond'", id="a time"),
        pytest.param("UPDATE attempt SET took_ms = NULL", id="how long it took"),
        pytest.param("UPDATE attempt SET gateway_id = gateway_id + 1", id="the gateway"),
        pytest.param("DELETE FROM attempt WHERE state = 4", id="a row that is gone"),
        pytest.param(
            "INSERT INTO attempt (organization_id, broadcast_id, delivery_id, generation, kind, state,"
            " reason, phase, xid) SELECT organization_id, broadcast_id, delivery_id, generation, 7, 1,"
            " 0, 2, xid FROM attempt LIMIT 1",
            id="a row slipped in",
        ),
        pytest.param(
            "UPDATE attempt SET xid = xid + 1000000 WHERE state = 4", id="a row moved to later"
        ),
        pytest.param("UPDATE event SET raw = ''", id="what a server said"),
        pytest.param("UPDATE event SET reason = 0", id="why it came back"),
        pytest.param("DELETE FROM event", id="events that are gone"),
        pytest.param("UPDATE seal SET root = sha256(root)", id="a root"),
        pytest.param("UPDATE seal SET hash = sha256(hash)", id="a hash"),
        pytest.param("UPDATE seal SET n = n + 1", id="a count"),
        pytest.param("DELETE FROM seal WHERE no = 1", id="a seal that is gone"),
    ],
)
def test_whoever_changes_a_row_breaks_the_chain(world: World, broadcast: int, damage: str) -> None:
    assert _as_owner(damage) > 0

    assert _broken_seals(world, broadcast) != []


def test_whoever_rewrites_the_whole_chain_changes_its_head(world: World, broadcast: int) -> None:
    def head() -> bytes:
        return bytes(world.ask("SELECT hash FROM seal ORDER BY no DESC LIMIT 1")[0][0])

    mailed = head()
    _as_owner("UPDATE attempt SET state = 1, reason = 0")
    _as_owner("DELETE FROM seal")
    _as_owner("UPDATE seal_horizon SET xid = 0")
    _sealed(world, broadcast)

    assert _broken_seals(world, broadcast) == []
    assert mailed != head()


def test_what_comes_late_makes_a_new_seal_on_top_of_the_old_ones(
    world: World, broadcast: int
) -> None:
    before = world.ask("SELECT no, hash FROM seal ORDER BY no")
    tap = fold.Event(
        source=fold.Source.ANSWER,
        key=b"tap",
        broadcast=broadcast,
        delivery=world.ask("SELECT min(id) FROM delivery")[0][0],
        fold=folding.human(Evidence.READ),
    )
    with tenancy.acting_for(world.organization.id):
        fold.take_in(world.organization.id, [tap])

    counts = _sealed(world, broadcast)

    assert (len(before) + 1, 1) == (len(counts), counts[-1])
    assert before == world.ask("SELECT no, hash FROM seal ORDER BY no")[:-1]
    assert _broken_seals(world, broadcast) == []


def test_what_commits_after_a_seal_was_made_is_in_a_later_one(world: World, broadcast: int) -> None:
    sealed = _counts(world, broadcast)
    with tenancy.acting_for(world.organization.id):
        slow = world.ask("SELECT min(id) FROM delivery")[0][0]
        event = fold.Event(
            source=fold.Source.RECEIPT,
            key=b"slow",
            broadcast=broadcast,
            delivery=slow,
            fold=folding.human(Evidence.READ),
        )
        fold.take_in(world.organization.id, [event])
        _seal(world)  # while the event is written and not committed
        meanwhile = _counts(world, broadcast)
    after = _sealed(world, broadcast)

    assert (sealed, [*sealed, 1]) == (meanwhile, after)
    assert _broken_seals(world, broadcast) == []


def test_several_sealers_at_once_seal_each_row_once(world: World, broadcast: int) -> None:
    _as_owner("DELETE FROM seal")
    _as_owner("UPDATE seal_horizon SET xid = 0")

    _seal(world, times=4)

    assert sum(_sealed(world, broadcast)) == len(_leaves(world, broadcast))
    assert _broken_seals(world, broadcast) == []


def test_each_broadcast_has_a_chain_of_its_own(world: World, broadcast: int) -> None:
    before = world.ask("SELECT * FROM seal ORDER BY no")
    other = world.launch().broadcast_id
    with workers(1):
        world.finished(other)
    _sealed(world, other)

    assert _broken_seals(world, other) == []
    assert before == world.ask("SELECT * FROM seal WHERE broadcast_id = %s ORDER BY no", broadcast)


@pytest.mark.parametrize(
    ("table", "text", "kinds"), [("attempt", "reply", ("a",)), ("event", "raw", ("e",))]
)
def test_what_is_erased_leaves_the_chain_and_every_other_row_verifiable(
    world: World, broadcast: int, table: str, text: str, kinds: tuple[str, ...]
) -> None:
    erased = next(leaf for leaf in _leaves(world, broadcast) if leaf.name[0] in kinds)
    kept = {erased.name: erased.commitment}
    key = ("delivery_id", "generation") if table == "attempt" else ("source", "event_key")
    _as_owner(
        f"UPDATE {table} SET {text} = '', salt = '00000000-0000-0000-0000-000000000000'"
        f" WHERE {key[0]} = %s AND {key[1]} = %s",
        *erased.name[1:],
    )

    assert len(_broken_seals(world, broadcast)) == 1
    assert _broken_seals(world, broadcast, kept) == []
    _as_owner("UPDATE attempt SET state = 1 WHERE state = 4")
    assert _broken_seals(world, broadcast, kept) != []


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE delivery SET state = 1, reason = 0 WHERE state = 4", id="a state"),
        pytest.param("UPDATE delivery SET evidence = 2 WHERE state = 1", id="an evidence"),
        pytest.param("DELETE FROM delivery WHERE state = 1", id="deliveries that are gone"),
        pytest.param("UPDATE audience SET grade = 4", id="answers that nobody gave"),
        pytest.param("DELETE FROM audience WHERE grade = 0", id="people that are gone"),
        pytest.param("UPDATE tally SET n = 0", id="counters of deliveries"),
        pytest.param("UPDATE people_tally SET n = n + 1", id="counters of people"),
    ],
)
def test_the_recount_finds_what_was_changed_behind_the_triggers(
    world: World, broadcast: int, damage: str
) -> None:
    with psycopg.connect(settings_conninfo()) as connection:
        connection.execute("SET session_replication_role = replica")
        assert connection.execute(damage.encode()).rowcount > 0

    assert world.differences(broadcast) != []
