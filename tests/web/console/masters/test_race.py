"""Two who change one list at the same time."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import psycopg
import pytest
from django.db import connections
from django.test import Client

from denrei.accounts.labels import Label
from denrei.accounts.models import Organization
from tests.web.console.conftest import browser, hire
from tests.web.console.masters.conftest import List, the_list

pytestmark = pytest.mark.spec("MSG-1")


@pytest.fixture
def office(address: str, city: Organization) -> tuple[List, Client]:
    """The groups of a city whose changes others see, and a signed-in administrator."""
    return the_list(Label.GROUPS, city), browser(city, hire(city, "admin"))


def waits_for_a_lock(connection: psycopg.Connection) -> bool:
    rows = connection.execute(
        "SELECT 1 FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return rows.fetchone() is not None


def test_a_code_that_somebody_else_takes_meanwhile_is_refused(
    office: tuple[List, Client],
) -> None:
    groups, client = office
    answers: list[int] = []

    def add() -> None:
        response = client.post(groups.address("new/"), groups.typed(code="77"))
        answers.append(response.status_code)
        connections.close_all()

    server = os.environ["DATABASE_URL"]
    # a transaction sees one picture of all activity: the first that it asked for
    with psycopg.connect(server) as other, psycopg.connect(server, autocommit=True) as watch:
        other.execute(
            "SELECT set_config('denrei.organization', %s, true)", [str(groups.organization.pk)]
        )
        other.execute(
            "INSERT INTO contact_group (organization_id, code, name) VALUES (%s, '77', '先客')",
            [groups.organization.pk],
        )
        thread = threading.Thread(target=add)
        thread.start()
        while thread.is_alive() and not waits_for_a_lock(watch):
            thread.join(0.01)
        other.commit()
        thread.join()

    assert [HTTPStatus.UNPROCESSABLE_ENTITY] == answers
    assert ["先客"] == [entry.name for entry in groups.entries()]


def test_two_who_sort_at_the_same_time_lose_no_entry(office: tuple[List, Client]) -> None:
    groups, client = office
    made = [groups.create(code, order=place) for place, code in enumerate("abcde")]
    orders = {"ids": [str(one.pk) for one in reversed(made)]}, {"up": str(made[2].pk)}
    start = threading.Barrier(len(orders))

    def sort(sent: dict[str, object]) -> None:
        start.wait()
        for _ in range(3):
            assert HTTPStatus.FOUND == client.post(groups.address("order/"), sent).status_code
        connections.close_all()

    with ThreadPoolExecutor() as pool:
        list(pool.map(sort, orders))

    entries = groups.entries()
    assert list("abcde") == sorted(entry.code for entry in entries)
    assert [1, 2, 3, 4, 5] == [entry.order for entry in entries]
