"""What a story reads: its own rows, in a broadcast to thousands and with young statistics."""

from __future__ import annotations

from collections import Counter

import psycopg
import pytest
from django.db import connection

from denrei.accounts import tenancy
from denrei.reports.story import story
from tests import emptying
from tests.deliveries.world import World, settings_conninfo, workers

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def _as_installed(committed: None) -> None:
    """Begin with tables that never held a row: the planner looks at the size of their files."""
    emptying.empty(settings_conninfo(), anew=True)


def rows_read() -> Counter[str]:
    """Return how many rows of each table this connection has read, and not yet reported."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        )
        return Counter(dict(cursor.fetchall()))


#: What everybody did, written at once.
_EVERYBODY = (
    (
        "INSERT INTO response (organization_id, broadcast_id, recipient_id, medium, choice, choice_words)"
        " SELECT organization_id, broadcast_id, recipient_id, 1, '1', 'x' FROM audience"
    ),
    (
        "INSERT INTO halt (organization_id, broadcast_id, recipient_id, reason)"
        " SELECT organization_id, broadcast_id, recipient_id, 62 FROM audience"
    ),
    (
        "INSERT INTO page_view (organization_id, broadcast_id, delivery_id, kind)"
        " SELECT organization_id, broadcast_id, id, 'open' FROM delivery"
    ),
    (
        "INSERT INTO event (organization_id, source, event_key, broadcast_id, delivery_id, fold_rank,"
        " state, evidence, reason) SELECT organization_id, 3, id::text::bytea, broadcast_id, id, 15, 2, 1, 0"
        " FROM delivery"
    ),
    (
        "INSERT INTO help_call (organization_id, broadcast_id, recipient_id, response_id)"
        " SELECT organization_id, broadcast_id, recipient_id, id FROM response"
    ),
    (
        "INSERT INTO cover (organization_id, broadcast_id, delivery_id, recipient_id, contact_id)"
        " SELECT organization_id, broadcast_id, id, recipient_id + 1, 0 FROM delivery"
        " WHERE mod(recipient_id, 2) = 0"
    ),
    (
        "INSERT INTO suppression (organization_id, medium, address_key, reason, until)"
        " SELECT organization_id, 1, address, 1, now() FROM delivery"
    ),
    (
        "INSERT INTO audit_entry (organization_id, action, subject_kind, subject_id)"
        " SELECT organization_id, 'address.released', 'contact', contact_id::text FROM delivery"
    ),
)


@pytest.mark.parametrize("analysed", ["while empty", "after"])
def test_a_story_reads_a_handful_of_rows_of_a_broadcast_to_thousands(
    world: World, analysed: str
) -> None:
    world.lane()
    with psycopg.connect(settings_conninfo(), autocommit=True) as owner:
        owner.execute("ANALYZE")
        people = world.people(2000)
        broadcast = world.launch().broadcast_id
        with workers(1):
            world.finished(broadcast)
        for statement in _EVERYBODY:
            world.change(statement)
        if analysed == "after":
            owner.execute("ANALYZE")

    with tenancy.acting_for(world.organization.pk):
        before = rows_read()
        found = story(world.organization.pk, broadcast, people[1000].pk)
        read = rows_read() - before

    assert 5 <= len(found.entries)
    # the trail is of all broadcasts: analysed while it was small, it may be read whole while it is
    assert {table: n for table, n in read.items() if n > 5 and table != "audit_entry"} == {}
