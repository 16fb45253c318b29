"""Rehearse a restore: into a database of its own that is thrown away; nothing of the installation is touched.

The very command that would restore it is run, in a home below the folder for temporary files.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from denrei.project import embedded
from denrei.project.backup import BackupError, counting

#: Settings of the throw-away server: what it writes need not outlive the rehearsal.
_THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
#: What must not leak from the installation into the rehearsal.
_NOT_INHERITED = (
    *("DATABASE_URL", "DENREI_OWNER_DATABASE_URL", "DENREI_DATABASE_ROLE", "DENREI_DATABASE_POOL"),
    *("DENREI_SECRET_KEY", "DENREI_RETIRED_SECRET_KEYS", "DENREI_HOME"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What a rehearsal found."""

    #: The last words of the restore: those of the audit.
    words: str
    #: By the names of `counting.COUNTED`.
    counts: Mapping[str, int]


def rehearse(path: Path) -> Rehearsed:
    """Restore a file, recount everything, count, and throw it away. BackupError."""
    try:
        with tempfile.TemporaryDirectory(prefix="denrei-r-") as folder:
            home = Path(folder)
            with embedded.running(home, settings=_THROW_AWAY) as cluster:
                words = _restored(path.absolute(), home)
                return Rehearsed(words=words, counts=counting.counts(cluster.conninfo()))
    except OSError as error:
        raise BackupError(
            f"予行に使う一時フォルダーに書けません（{error.strerror}）。"
            "空きのあるフォルダーを TMPDIR で指定してください。"
        ) from error


def _restored(path: Path, home: Path) -> str:
    told = subprocess.run(
        [sys.executable, "-m", "denrei.project", "restore", str(path), "--yes"],
        env={**_inherited(), "DENREI_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise BackupError(f"復元の予行に失敗しました。\n{told.stderr.strip()}")
    return told.stdout.strip().splitlines()[-1]


def _inherited() -> dict[str, str]:
    left_out = {name for one in _NOT_INHERITED for name in (one, f"{one}_FILE")}
    return {name: value for name, value in os.environ.items() if name not in left_out}
