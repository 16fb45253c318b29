"""The command `denrei`: one parser, one module for each family of subcommands."""

from __future__ import annotations

import argparse
import io
import os
import sys

from django.db.utils import InterfaceError, OperationalError

from denrei.project.commands import (
    broadcast,
    demo,
    diagnosis,
    gateway,
    operator,
    organization,
    people,
    proof,
    serving,
)
from denrei.project.commands.failure import CommandError
from denrei.project.embedded import EmbeddedError
from denrei.project.environment import SettingError
from denrei.project.migrating import DatabaseNotReadyError

#: What a shell says of a process that SIGINT or SIGPIPE ended.
_INTERRUPTED, _UNHEARD = 130, 141


def parser() -> argparse.ArgumentParser:
    """Return the parser of all subcommands."""
    root = argparse.ArgumentParser(prog="denrei", description="伝令：緊急連絡・一斉同報・安否確認")
    commands = root.add_subparsers(metavar="コマンド", required=True)
    for family in (
        serving,
        people,
        organization,
        operator,
        gateway,
        broadcast,
        proof,
        demo,
        diagnosis,
    ):
        family.add(commands)
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; 0 success, 1 failure with its reason, 2 wrong usage."""
    _show_what_can_be_shown()
    given = parser().parse_args(arguments)
    try:
        code = int(given.run(given) or 0)
        sys.stdout.flush()
    except (CommandError, SettingError, EmbeddedError, DatabaseNotReadyError) as error:
        print(error, file=sys.stderr)
        return 1
    except (OperationalError, InterfaceError) as error:
        print(f"データベースが処理を続けられません。{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # `denrei … | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNHEARD
    return code


def _show_what_can_be_shown() -> None:
    """Let a terminal that is not UTF-8 show 髙 as an escape instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
