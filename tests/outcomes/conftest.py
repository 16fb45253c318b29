"""Fixtures of the tests of what comes back."""

from __future__ import annotations

import pytest

from tests.deliveries.world import World


@pytest.fixture
def world(committed: None) -> World:
    """Return an organization of the test's own."""
    return World.create()
