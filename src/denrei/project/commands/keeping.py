"""`denrei backup FILE`, `denrei restore FILE`: an installation with the embedded database as one file, and rehearsed."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from denrei.project import backup, embedded, starting
from denrei.project.embedded import Cluster
from denrei.project.environment import Environment
from denrei.project.failure import CommandError


def add(commands: Any) -> None:
    """Add the subcommands."""
    out = commands.add_parser(
        "backup", help="組み込みのデータベースと秘密鍵を、1つのファイルに控えます"
    )
    out.add_argument("file", metavar="FILE", type=Path)
    out.add_argument(
        "--rehearse", action="store_true", help="続けて、そのファイルで復元の予行をします"
    )
    out.set_defaults(run=run_backup)
    back = commands.add_parser("restore", help="控えたファイルから、空の DENREI_HOME に復元します")
    back.add_argument("file", metavar="FILE", type=Path)
    how = back.add_mutually_exclusive_group()
    how.add_argument(
        "--yes", action="store_true", help="復元します。付けなければ、確かめるだけです"
    )
    how.add_argument(
        "--rehearse", action="store_true", help="使い捨てのデータベースに復元して、検算します"
    )
    back.set_defaults(run=run_restore)


def run_backup(given: argparse.Namespace) -> None:
    """Write the file; denrei may go on working."""
    _require_embedded("backup")
    home = starting.home_folder(Environment())
    with _failures(), starting.migrated("app"), _cluster() as cluster:
        from django.conf import settings

        from denrei.project.backup import writing
        from denrei.retention import safe_copies

        began, file = time.monotonic(), given.file.absolute()
        octets = writing.write(file, cluster, settings.SECRET_KEY)
        made = safe_copies.Backup(
            at=datetime.now(UTC),
            file=str(file),
            octets=octets,
            seconds=round(time.monotonic() - began, 1),
        )
        _note(home, made)
    print(f"{given.file} に控えました（{max(1, octets // 1_000_000):,} MB）。")
    print(
        "このファイルには、すべての個人情報と秘密鍵が入っています。別の機械か媒体に移し、鍵のかかる場所に置いてください。"
    )
    if given.rehearse:
        _rehearse(given.file)


def run_restore(given: argparse.Namespace) -> None:
    """Check the file; with --yes, bring it into an empty home and recount everything."""
    if given.rehearse:
        _rehearse(given.file)
        return
    _require_embedded("restore")
    from denrei.project.backup import reading

    with _failures(), reading.opened(given.file) as found:
        if not given.yes:
            print(f"{given.file} は壊れていません（{found.made_at} に控えたもの）。")
            print(
                "復元するには --yes を付けてください。DENREI_HOME のデータベースは空でなければなりません。"
            )
            return
        starting.bring_key(found.key)
        with starting.ready("owner"), _cluster() as cluster:
            from denrei.project.backup import restoring

            restoring.restore(cluster, found)
            _tell(restoring.look(), found.made_at)


def _rehearse(path: Path) -> None:
    """Restore a file for trial, tell what came back beside what its manifest says, and note it."""
    from denrei.project.backup import reading, rehearsing
    from denrei.retention import safe_copies

    began = time.monotonic()
    with _failures():
        with reading.opened(path) as found:
            made_at, expected = datetime.fromisoformat(found.made_at), found.counts
        rehearsed = rehearsing.rehearse(path)
    differing = _compare(expected, rehearsed.counts)
    print(rehearsed.words)
    if differing:
        raise CommandError(
            f"控えたときと数が違います：{'、'.join(differing)}。別の控えも確かめてください。"
        )
    done = safe_copies.Rehearsal(
        at=datetime.now(UTC),
        file=str(path.absolute()),
        made_at=made_at,
        seconds=round(time.monotonic() - began, 1),
    )
    home = starting.home_folder(Environment())
    if home.is_dir():
        _note(home, done)
    print(f"復元の予行は成功しました（{done.seconds:,.0f}秒）。復元したものは消しました。")


def _compare(expected: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Print what came back, and return what is not as the manifest says."""
    from denrei.project.backup.counting import COUNTED

    differing = []
    for name, (words, _table) in COUNTED.items():
        told = f"控えたとき {expected[name]:,}" if name in expected else "控えたときの記録なし"
        print(f"  {words}　復元 {found[name]:,}　{told}")
        if expected.get(name, found[name]) != found[name]:
            differing.append(words)
    return differing


def _note(home: Path, done: Any) -> None:
    from denrei.retention import safe_copies

    try:
        safe_copies.note(home, done)
    except OSError as error:
        print(
            f"{home} に、控えた記録を書けません（{error.strerror}）。denrei doctor は、控えを古いと表示します。",
            file=sys.stderr,
        )


def _tell(found: Any, made_at: str) -> None:
    print(
        f"{made_at} の控えを復元しました。"
        f"団体 {found.organizations:,}、人 {found.people:,}、連絡 {found.broadcasts:,}。"
    )
    for broadcast, waiting in found.unfinished:
        print(
            f"連絡番号 {broadcast} は終わっていません（送信待ち {waiting:,}件）。denrei worker を動かすと続きを送ります。"
            "控えたあとに届いた人には、もう一度届きます。"
            f"送らないときは、先に denrei broadcast stop {broadcast} --yes を実行してください。"
        )
    if found.broken:
        raise CommandError(
            f"台帳と集計が一致しない連絡があります：連絡番号 {'、'.join(map(str, found.broken))}。"
            "別の控えも確かめてください。"
        )
    print("検算：すべての連絡で、台帳と集計が一致しました。")


def _require_embedded(word: str) -> None:
    if Environment().text("DATABASE_URL"):
        raise CommandError(
            f"denrei {word} は、組み込みのデータベースのためのものです。"
            "DATABASE_URL の PostgreSQL は、その管理者の方法（pg_basebackup、pg_dump など）で控えてください"
            "（docs/howto/back-up-and-restore.md）。"
        )


def _cluster() -> AbstractContextManager[Cluster]:
    """Join the embedded server that this command runs or has joined."""
    return embedded.running(starting.home_folder(Environment()))


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except backup.BackupError as error:
        raise CommandError(str(error)) from error
