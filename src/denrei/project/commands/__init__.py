"""The command `denrei`: one parser, one module for each family of subcommands."""

from __future__ import annotations

import argparse
import sys

from denrei.project.commands import (
    broadcast,
    demo,
    diagnosis,
    organization,
    people,
    serving,
)
from denrei.project.commands.failure import CommandError
from denrei.project.embedded import EmbeddedError
from denrei.project.environment import SettingError


def parser() -> argparse.ArgumentParser:
    """Return the parser of all subcommands."""
    root = argparse.ArgumentParser(prog="denrei", description="伝令：緊急連絡・一斉同報・安否確認")
    commands = root.add_subparsers(metavar="コマンド", required=True)
    for family in (serving, people, organization, broadcast, demo, diagnosis):
        family.add(commands)
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; 0 success, 1 failure with its reason, 2 wrong usage."""
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given) or 0)
    except (CommandError, SettingError, EmbeddedError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
