"""`denrei people import FILE`: a dry run that tells each row's fate, then the import."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from denrei.project import starting
from denrei.project.commands import naming
from denrei.project.failure import CommandError

if TYPE_CHECKING:
    from denrei.directory.importing.fates import Fate, Summary

#: Rows between two signs of life on the terminal.
_PROGRESS = 1000


def add(commands: Any) -> None:
    """Add the subcommand."""
    family = commands.add_parser("people", help="名簿").add_subparsers(
        metavar="操作", required=True
    )
    command = family.add_parser("import", help="名簿のCSVファイルかExcelブックを取り込みます")
    command.add_argument("file", metavar="FILE", type=Path)
    command.add_argument("--organization", required=True, metavar="識別名")
    command.add_argument(
        "--create-missing",
        action="store_true",
        help="登録のない所属、連絡グループ、役職、世帯を、名簿のとおりに作ります",
    )
    command.add_argument("--yes", action="store_true", help="書き込みます（なければ確認だけ）")
    command.set_defaults(run=run_import)


def run_import(given: argparse.Namespace) -> None:
    """Tell every row that is refused, changed or cleaned; with --yes, import the rest."""
    with starting.migrated("app"):
        from denrei.directory import importing
        from denrei.directory.importing.faults import PeopleImportError

        organization = naming.organization(given.organization)
        teller = Teller()
        try:
            with given.file.open("rb") as file:
                act = importing.apply if given.yes else importing.dry_run
                summary = act(organization, file, teller, create_missing=given.create_missing)
        except OSError as error:
            raise CommandError(f"ファイル {given.file} を開けません: {error.strerror}") from error
        except PeopleImportError as error:
            raise CommandError(str(error)) from error
        teller.close()
        _tell(summary, written=given.yes)


class Teller:
    """Prints what an operator must see of each row, and how far it is."""

    def __init__(self) -> None:
        self._rows = 0

    def __call__(self, fate: Fate) -> None:
        """Take the fate of one row."""
        self._rows += 1
        if self._rows % _PROGRESS == 0 and sys.stderr.isatty():
            print(f"\r{self._rows:,}行", end="", file=sys.stderr, flush=True)
        for words in (*fate.reasons, *fate.warnings):
            print(f"{fate.line}行目（{fate.name}）{fate.verdict.label}：{words}")

    def close(self) -> None:
        """End the line of progress."""
        if self._rows >= _PROGRESS and sys.stderr.isatty():
            print(file=sys.stderr)


def _tell(summary: Summary, *, written: bool) -> None:
    for title, names in summary.created.items():
        if names:
            shown = "、".join(names[:10]) + ("ほか" if len(names) > 10 else "")
            print(f"新しい{title}（{len(names)}件）：{shown}")
    if summary.unknown_columns:
        print(f"使わない列：{'、'.join(summary.unknown_columns)}")
    counts = "　".join(f"{verdict.label} {count:,}" for verdict, count in summary.counts.items())
    print(counts)
    print("取り込みました。" if written else "確認だけです。取り込むには --yes を付けてください。")
