"""`denrei doctor`: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: Any) -> None:
    """Add the subcommand."""
    command = commands.add_parser("doctor", help="導入の状態を調べ、直し方を示します")
    command.set_defaults(run=run_doctor)


def run_doctor(given: argparse.Namespace) -> int:
    """Examine and tell."""
    raise NotImplementedError
