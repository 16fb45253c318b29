"""The folder of a running demo: what its processes and its page leave there for each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Where each file is."""

    path: Path

    @property
    def people(self) -> Path:
        """Return the people's file."""
        return self.path / "meibo.csv"

    @property
    def rules(self) -> Path:
        """Return what the mail servers do with each address."""
        return self.path / "rules.json"

    @property
    def log(self) -> Path:
        """Return the mail servers' log."""
        return self.path / "mail.jsonl"

    @property
    def answers(self) -> Path:
        """Return the people's own record of what they answered."""
        return self.path / "answers.jsonl"

    @property
    def pace(self) -> Path:
        """Return the file that says whether the people answer, and how fast (`pace`)."""
        return self.path / "pace.json"

    @property
    def faults(self) -> Path:
        """Return the file that says what is broken on purpose (`faults`)."""
        return self.path / "faults.json"
