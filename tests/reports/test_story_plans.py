"""What a story reads: its own rows, in a broadcast to thousands and with young statistics."""

from __future__ import annotations

from collections import Counter

import psycopg
import pytest
from django.db import connection

from denrei.accounts import tenancy
from denrei.reports.story import story
from tests.deliveries.world import World, settings_conninfo, workers

pytestmark = pytest.mark.usefixtures("committed")


def rows_read() -> Counter[str]:
    """Return how many rows of each table this connection has read, and not yet reported."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        )
        return Counter(dict(cursor.fetchall()))


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
        if analysed == "after":
            owner.execute("ANALYZE")

    with tenancy.acting_for(world.organization.pk):
        before = rows_read()
        found = story(world.organization.pk, broadcast, people[1000].pk)
        read = rows_read() - before

    assert 2 == len(found.entries)
    assert {table: rows for table, rows in read.items() if rows > 5} == {}
