"""A file that a test writes, and what it least says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from denrei.accounts.models import Organization
from denrei.deliveries.launch import Order
from denrei.project.broadcast_file import BroadcastFileError, read

NOW = datetime(2026, 11, 22, 7, 13, 42, tzinfo=UTC)
LEAST = {"incident": "地震発生", "sender": "防災課", "audience": {"everybody": True}}


class File:
    """Where a test writes its broadcast."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "broadcast.json"

    def order(self, city: Organization, given: Any, now: datetime = NOW) -> Order:
        """Write JSON and read the order that it describes."""
        self.path.write_text(json.dumps(given), encoding="utf-8")
        return read(city, self.path, now)

    def complaints(self, city: Organization, given: Any) -> list[str]:
        """Return what is wrong with a file, line by line."""
        with pytest.raises(BroadcastFileError) as refused:
            self.order(city, given)
        return str(refused.value).splitlines()
