"""Fixtures of the tests of retention."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.deliveries.world import World


@pytest.fixture
def world(committed: None) -> World:
    """Return an organization of the test's own."""
    return World.create()


@pytest.fixture
def as_worker(committed: None) -> Iterator[None]:
    """Let Django act as the worker's role, as it does in the worker's process."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_app")
