"""PostgreSQL's own programs on the embedded server: bytes go in or come out, errors are told."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from typing import IO

from denrei.project import embedded
from denrei.project.backup import BackupError
from denrei.project.embedded import Cluster

#: What a message repeats of what a program said last.
_TOLD = 1_000


def dump(cluster: Cluster, target: IO[bytes], snapshot: str) -> None:
    """Write the database as it was at a moment. BackupError; OSError of `target`."""
    with tempfile.TemporaryFile() as said:
        options = ["--format=custom", "--no-owner", f"--snapshot={snapshot}"]
        process = _started("pg_dump", cluster, options, said)
        try:
            assert process.stdout is not None
            shutil.copyfileobj(process.stdout, target, 1 << 20)
        except BaseException:
            process.kill()
            raise
        finally:
            _ended(process)
        _require_success(process, said, "データベースを書き出せません。")


def restore(cluster: Cluster, source: IO[bytes]) -> None:
    """Read a dump into the empty database, whole or not at all. BackupError."""
    with tempfile.TemporaryFile() as said:
        options = ["--no-owner", "--exit-on-error", "--single-transaction"]
        process = _started("pg_restore", cluster, options, said)
        try:
            assert process.stdin is not None
            shutil.copyfileobj(source, process.stdin, 1 << 20)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended, and says why
        except BaseException:
            process.kill()
            raise
        finally:
            _ended(process)
        _require_success(process, said, "データベースに読み込めません。何も読み込んでいません。")


def _started(
    name: str, cluster: Cluster, options: list[str], said: IO[bytes]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [embedded.binaries() / name, *options, "--dbname", cluster.conninfo()],
        stdin=subprocess.PIPE if name == "pg_restore" else subprocess.DEVNULL,
        stdout=subprocess.PIPE if name == "pg_dump" else subprocess.DEVNULL,
        stderr=said,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
    )


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Wait for its end, with its pipes closed."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None and not pipe.closed:
            with suppress(BrokenPipeError):
                pipe.close()
    process.wait()


def _require_success(process: subprocess.Popen[bytes], said: IO[bytes], words: str) -> None:
    if process.returncode:
        said.seek(0)
        last = said.read().decode("utf-8", "replace").strip()[-_TOLD:]
        raise BackupError(f"{words}\n{last}")
