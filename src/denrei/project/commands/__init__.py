"""The command `denrei`: one parser, one module for each family of subcommands."""

from __future__ import annotations

import argparse
import io
import os
import sys
from types import ModuleType

from denrei.project.commands import bounce
from denrei.project.failure import MAKE_ROOM, CommandError, is_full

#: What a shell says of a process that SIGINT or SIGPIPE ended.
_INTERRUPTED, _UNHEARD = 130, 141

#: Families that read files alone, by their first word: for them neither Django nor the driver of the
#: database is loaded, which takes most of a second.
_ALONE = {"bounce": bounce}


def parser(first: str = "") -> argparse.ArgumentParser:
    """Return the parser of all subcommands; of one family where `first` names one that is alone."""
    root = argparse.ArgumentParser(prog="denrei", description="伝令：緊急連絡・一斉同報・安否確認")
    commands = root.add_subparsers(metavar="コマンド", required=True)
    for family in (_ALONE[first],) if first in _ALONE else _families():
        family.add(commands)
    return root


def _families() -> tuple[ModuleType, ...]:
    from denrei.project.commands import (
        broadcast,
        demo,
        diagnosis,
        gateway,
        keeping,
        mailbox,
        operator,
        organization,
        people,
        proof,
        retention,
        serving,
    )

    return (
        serving,
        people,
        organization,
        operator,
        gateway,
        mailbox,
        broadcast,
        proof,
        bounce,
        keeping,
        retention,
        demo,
        diagnosis,
    )


def _told() -> tuple[type[Exception], ...]:
    """Return the errors whose words are for the operator; asked for when one has come."""
    from denrei.project.embedded import EmbeddedError
    from denrei.project.environment import SettingError
    from denrei.project.migrating import DatabaseNotReadyError

    return (CommandError, SettingError, EmbeddedError, DatabaseNotReadyError)


def _database_errors() -> tuple[type[Exception], ...]:
    from django.db.utils import InterfaceError, OperationalError

    return (OperationalError, InterfaceError)


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; 0 success, 1 failure with its reason, 2 wrong usage."""
    _show_what_can_be_shown()
    given = _parsed(sys.argv[1:] if arguments is None else arguments)
    try:
        code = int(given.run(given) or 0)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # `denrei … | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNHEARD
    except _told() as error:
        print(error, file=sys.stderr)
        return 1
    except _database_errors() as error:
        hint = MAKE_ROOM if is_full(error) else ""
        print(f"データベースが処理を続けられません。{hint}{error}", file=sys.stderr)
        return 1
    return code


def _parsed(arguments: list[str]) -> argparse.Namespace:
    return parser(arguments[0] if arguments else "").parse_args(arguments)


def _show_what_can_be_shown() -> None:
    """Let a terminal that is not UTF-8 show 髙 as an escape instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
