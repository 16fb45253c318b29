"""Fixtures of the embedded PostgreSQL's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from denrei.project.embedded import running
from tests.project.embedded.servers import change


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a database of 1000 rows in it and no server."""
    home = tmp_path_factory.mktemp("home")
    with running(home) as cluster:
        change(cluster, "CREATE TABLE person AS SELECT generate_series(1, 1000)")
    return home
