"""The data folder of the embedded PostgreSQL: made whole or not at all, of the right version."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from denrei.project.embedded_errors import LINES_TOLD, EmbeddedError, explained
from denrei.project.embedded_user import Runner

#: The user who owns the cluster, and the name of the one database in it.
OWNER = DATABASE = "denrei"

_FRESH = "data.new-"


def prepare(data: Path, programs: Path, runner: Runner) -> None:
    """Make the data folder unless it is there. Raises EmbeddedError where it is of no use to us."""
    # An initdb whose starter was killed may still be at work in one, hence a new name each time.
    for left in data.parent.glob(f"{_FRESH}*"):
        shutil.rmtree(left, ignore_errors=True)
    if not data.exists():
        _initialise(data, programs, runner)
    try:
        written = (data / "PG_VERSION").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"{data} は PostgreSQL のデータではありません。別の場所へ移してから起動してください。"
        ) from None
    version = runner.run(programs / "postgres", "--version").stdout.strip()
    major = re.search(r"\d+", version)
    if major is None or written != major[0]:
        raise EmbeddedError(
            f"{data} は PostgreSQL {written} のデータで、今の版（{version}）では読めません。"
            f"PostgreSQL {written} を含む denrei の pg_dump で書き出し、"
            "このフォルダーを別の場所へ移してから、新しい版で読み込んでください。"
        )


def _initialise(data: Path, programs: Path, runner: Runner) -> None:
    """Build beside and rename, so that a half-made data folder never bears the name."""
    fresh = Path(tempfile.mkdtemp(prefix=_FRESH, dir=data.parent))
    runner.take(fresh)
    what = ("-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    made = runner.run(programs / "initdb", "-D", fresh, *what)
    if made.returncode:
        lines = (made.stdout + made.stderr).splitlines()[-LINES_TOLD:]
        raise explained("データベースを作成できません。", "\n".join(lines))
    fresh.rename(data)
    _keep_names(data.parent)


def _keep_names(folder: Path) -> None:
    """Force a rename to disk: a power cut could undo it, and with it what was committed since."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
