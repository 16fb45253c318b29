"""A database of its own: analysed while it was small, then a broadcast of 30,000 deliveries under way."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import conninfo, sql

from denrei.deliveries import slicing
from denrei.deliveries.connection import LedgerConnection
from denrei.domain.states import Medium
from tests.conftest import TEMPLATE

SMALL, LARGE, SLICE = 150, 24_000, 6_000
#: Every tenth person and the next one live together and share a mail address; every fourth person
#: has two telephones.
_PEOPLE = (
    """INSERT INTO household (organization_id, code)
       SELECT %(organization)s, n FROM generate_series(%(first)s::int, %(last)s::int) n
        WHERE n %% 10 = 0""",
    """INSERT INTO recipient (organization_id, name, code, household_id)
       SELECT %(organization)s, 'p', n, h.id FROM generate_series(%(first)s::int, %(last)s::int) n
         LEFT JOIN household h ON n %% 10 < 2 AND h.code = (n - n %% 10)::text""",
    """INSERT INTO contact (organization_id, recipient_id, medium, slot, address, address_key)
       SELECT %(organization)s, r.id, 1, 1, a, a FROM recipient r,
              LATERAL (SELECT coalesce('home' || household_id, 'm' || code) AS a) address
        WHERE code::int >= %(first)s""",
    """INSERT INTO contact (organization_id, recipient_id, medium, slot, address, address_key)
       SELECT %(organization)s, r.id, 3, slot, 't' || code || slot, 't' || code || slot
         FROM recipient r, generate_series(1, 2) slot
        WHERE code::int >= %(first)s AND code::int %% 4 = 0""",
)
_LAUNCH = (
    """INSERT INTO broadcast (organization_id, idempotency_key, request_sha256, content, priority, give_up_at)
       VALUES (%(organization)s, gen_random_uuid(), '', '{}', 1, now() + interval '1 day') RETURNING id""",
    """INSERT INTO audience (organization_id, broadcast_id, recipient_id, household_id, language, name)
       SELECT organization_id, %(broadcast)s, id, household_id, language, name FROM recipient""",
    """INSERT INTO run (organization_id, broadcast_id, wave, priority, people, steps, give_up_at)
       SELECT %(organization)s, %(broadcast)s, 1, 1, count(*), %(steps)s, now() + interval '1 day'
         FROM recipient""",
)
_ANSWERED = (
    """INSERT INTO halt (organization_id, broadcast_id, recipient_id, reason, swept)
       SELECT organization_id, broadcast_id, recipient_id, 62, recipient_id %% 20 <> 3
         FROM audience WHERE broadcast_id = %(broadcast)s AND recipient_id %% 10 = 3""",
)
#: Some chunks are done, some are leased; there are bounces, answers, retries that are due.
_GOING_ON = (
    """UPDATE chunk SET state = 2, open = 0
        WHERE broadcast_id = %(broadcast)s AND lane = %(mail)s AND id %% 4 < 2""",
    """UPDATE delivery d SET state = 1, evidence = 1, fold_rank = 10, tries = 1, doubts = (d.id %% 50 = 0)::int,
              watched = d.id %% 40 = 0
         FROM chunk c WHERE c.id = d.chunk_id AND c.state = 2 AND c.broadcast_id = %(broadcast)s""",
    """INSERT INTO attempt (organization_id, broadcast_id, delivery_id, generation, kind, state, reason, phase, provider_id)
       SELECT organization_id, broadcast_id, id, 1, 0, 1, 0, 2, 'p' || id FROM delivery WHERE state = 1 AND broadcast_id = %(broadcast)s""",
    """UPDATE chunk SET state = 1, generation = nextval('generation_seq'), in_doubt_max = 100,
              lease_until = now() + interval '1 hour'
        WHERE id IN ((SELECT id FROM chunk WHERE state = 0 AND lane = %(mail)s AND broadcast_id = %(broadcast)s LIMIT 3)
               UNION (SELECT id FROM chunk WHERE state = 0 AND lane = %(phone)s AND broadcast_id = %(broadcast)s LIMIT 20))""",
    """INSERT INTO event (organization_id, source, event_key, broadcast_id, delivery_id, fold_rank, state, evidence, reason)
       SELECT organization_id, 2, sha256(id::text::bytea), broadcast_id, id, 40, 3, 0, 1
         FROM delivery WHERE state = 1 AND broadcast_id = %(broadcast)s LIMIT 4000""",
    """INSERT INTO event_open (organization_id, source, event_key, delivery_id, fold_rank, state, evidence, reason)
       SELECT organization_id, source, event_key, delivery_id, fold_rank, state, evidence, reason
         FROM event WHERE broadcast_id = %(broadcast)s ORDER BY event_key LIMIT 200""",
    """INSERT INTO event_open (organization_id, source, event_key, provider_id, fold_rank, state, evidence, reason)
       SELECT organization_id, 9, sha256(provider_id::bytea), provider_id, 40, 3, 0, 1
         FROM attempt WHERE broadcast_id = %(broadcast)s ORDER BY provider_id LIMIT 50""",
    "INSERT INTO fold_due (organization_id) VALUES (%(organization)s)",
    *_ANSWERED,
    """INSERT INTO suppression (organization_id, medium, address_key, reason, until, delivery_id)
       SELECT organization_id, medium, address_key, 1, now() - interval '1 day', 0
         FROM contact WHERE id %% 10 = 7
       ON CONFLICT DO NOTHING""",
    """INSERT INTO attention (organization_id, contact_id, recipient_id, medium, address_key, status, reason, since,
                              last_at, broadcast_id, delivery_id)
       SELECT organization_id, id, recipient_id, medium, address_key, 1, 1, now() - interval '1 day',
              now() - interval '1 day', 0, 0
         FROM contact WHERE id %% 10 = 7
       ON CONFLICT DO NOTHING""",
    """UPDATE delivery SET next_at = now() - interval '1 minute'
        WHERE broadcast_id = %(broadcast)s AND medium = 3 AND turn = 2 AND id %% 3 = 0""",
)


#: Two hundred old broadcasts to one person each.
_PAST = (
    """CREATE TEMP TABLE past AS WITH made AS (
         INSERT INTO broadcast (organization_id, idempotency_key, request_sha256, content, priority, give_up_at)
         SELECT %(organization)s, gen_random_uuid(), '', '{}', 1, now() FROM generate_series(1, 200)
         RETURNING id)
       SELECT made.id, r.id AS recipient_id, c.id AS contact_id
         FROM made, LATERAL (SELECT id FROM recipient ORDER BY id LIMIT 1) r
         JOIN contact c ON c.recipient_id = r.id AND c.medium = 1""",
    """INSERT INTO audience (organization_id, broadcast_id, recipient_id, language, name)
       SELECT %(organization)s, id, recipient_id, 'ja', 'p' FROM past""",
    """INSERT INTO run (organization_id, broadcast_id, stage, priority, people, planned, steps, give_up_at)
       SELECT %(organization)s, id, 2, 1, 1, 1, '[]', now() FROM past""",
    """INSERT INTO chunk (organization_id, id, broadcast_id, wave, lane, priority, pass, rank, state, open)
       SELECT %(organization)s, -1000000 - id, id, 1, %(mail)s, 1, 0, 0, 2, 0 FROM past""",
    """INSERT INTO delivery (organization_id, broadcast_id, recipient_id, contact_id, chunk_id, lane, wave, medium,
                             turn, state, fold_rank, evidence, language, address)
       SELECT %(organization)s, id, recipient_id, contact_id, -1000000 - id, %(mail)s, 1, 1, 1, 1, 10, 1, 'ja', 'm'
         FROM past""",
    """INSERT INTO cover (organization_id, broadcast_id, delivery_id, recipient_id, contact_id)
       SELECT organization_id, broadcast_id, id, recipient_id, contact_id FROM delivery
        WHERE chunk_id < -1000000""",
    """INSERT INTO halt (organization_id, broadcast_id, recipient_id, reason, swept)
       SELECT %(organization)s, id, recipient_id, 62, true FROM past""",
    "DROP TABLE past",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What the statements are asked about."""

    conninfo: str
    organization: int
    mail: int
    phone: int
    #: Under way; all of it is sliced.
    broadcast: int
    #: Launched just now; one slice is written.
    fresh: int


@contextmanager
def built(name: str) -> Iterator[Town]:
    """Make the database and drop it afterwards. No ANALYZE but the first, also not by itself."""
    admin = conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname="postgres")
    own = conninfo.make_conninfo(admin, dbname=name)
    identifiers = {"own": sql.Identifier(name), "template": sql.Identifier(TEMPLATE)}
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {own} TEMPLATE {template}").format(**identifiers)
        )
        try:
            yield _settle(own)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {own} WITH (FORCE)").format(**identifiers))


def _settle(own: str) -> Town:
    with psycopg.connect(own, autocommit=True) as connection:
        _leave_statistics_alone(connection)
        connection.execute("SET ROLE denrei_worker")
        places = _found(connection)
        small = _launch(connection, own, places, 1, SMALL)
        _run(connection, _GOING_ON, {**places, "broadcast": small})
        connection.execute("RESET ROLE")
        connection.execute("ANALYZE")
        connection.execute("SET ROLE denrei_worker")
        _run(connection, _PAST, places)
        large = _launch(connection, own, places, SMALL + 1, LARGE)
        _run(connection, _GOING_ON, {**places, "broadcast": large})
        fresh = _launch(connection, own, places, LARGE + 1, LARGE, slices=1)
        _run(connection, _ANSWERED, {**places, "broadcast": fresh})
    return Town(conninfo=own, broadcast=large, fresh=fresh, **places)


def _leave_statistics_alone(connection: psycopg.Connection) -> None:
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    for (table,) in tables:
        connection.execute(
            sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(sql.Identifier(table))
        )


def _found(connection: psycopg.Connection) -> dict[str, int]:
    """Make the organization and its lanes."""
    organization = 1
    connection.execute("SELECT set_config('denrei.organization', %s, false)", (str(organization),))
    connection.execute(
        "INSERT INTO organization (id, slug, name, preset) VALUES (%s, 'town', 'town', 'city')",
        (organization,),
    )
    lanes = [
        connection.execute(
            "INSERT INTO lane (organization_id, medium, name, sequential, chunk_size)"
            " VALUES (%s, %s, 'lane', %s, %s) RETURNING id",
            (organization, medium, medium is Medium.PHONE, 1 if medium is Medium.PHONE else 250),
        ).fetchall()[0][0]
        for medium in (Medium.MAIL, Medium.PHONE)
    ]
    return {"organization": organization, "mail": lanes[0], "phone": lanes[1]}


def _launch(
    connection: psycopg.Connection,
    own: str,
    places: dict[str, int],
    first: int,
    last: int,
    slices: int = LARGE,
) -> int:
    """Add people, launch to everybody, write slices; return the broadcast."""
    _run(connection, _PEOPLE, {**places, "first": first, "last": last})
    steps = [
        {
            "medium": 1,
            "lane": places["mail"],
            "size": 250,
            "after": 0,
            "sequential": False,
            "slots": 9,
        },
        {
            "medium": 3,
            "lane": places["phone"],
            "size": 1,
            "after": 0,
            "sequential": True,
            "slots": 9,
        },
    ]
    launched = connection.execute(_LAUNCH[0], places).fetchall()[0][0]
    _run(connection, _LAUNCH[1:], {**places, "broadcast": launched, "steps": json.dumps(steps)})
    asyncio.run(_slice(own, places["organization"], launched, slices))
    return int(launched)


async def _slice(own: str, organization: int, broadcast: int, most: int) -> None:
    async with LedgerConnection(own) as ledger:
        for _ in range(most):
            if not await slicing.next_slice(ledger, organization, broadcast, 1, SLICE):
                return


def _run(
    connection: psycopg.Connection, statements: tuple[str, ...], parameters: dict[str, Any]
) -> None:
    for text in statements:
        connection.execute(text.encode(), parameters)
