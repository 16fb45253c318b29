"""Fixtures of the demo's tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return where the world shall write."""
    return tmp_path / "world.log"
