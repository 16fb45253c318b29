"""Write the file: whole or not at all, readable by its owner only."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from denrei.project.backup import ABOUT, DUMP, KEY, LAYOUT, BackupError, counting, programs
from denrei.project.embedded import Cluster


def write(path: Path, cluster: Cluster, key: str) -> int:
    """Write a backup to a path that is free; return its octets. BackupError.

    Denrei may go on working meanwhile: the dump is of one moment.
    """
    if path.exists():
        raise BackupError(f"{path} はすでにあります。別の名前を指定してください。")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    except OSError as error:
        raise _unwritable(path, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with (
                counting.moment(cluster.conninfo()) as moment,
                zipfile.ZipFile(file, "w", allowZip64=True) as bundle,
            ):
                bundle.writestr(ABOUT, json.dumps(_about(moment.counts), ensure_ascii=False))
                bundle.writestr(KEY, key)
                with bundle.open(DUMP, "w", force_zip64=True) as member:
                    programs.dump(cluster, member, moment.snapshot)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # unlike a rename, never over a file that came meanwhile
        return path.stat().st_size
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink()


def _about(counts: Mapping[str, int]) -> dict[str, object]:
    return {
        "layout": LAYOUT,
        "denrei": metadata.version("denrei"),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "counts": dict(counts),
    }


def _unwritable(path: Path, error: OSError) -> BackupError:
    return BackupError(
        f"{path} に書けません（{error.strerror}）。空きのある、書き込める場所を指定してください。"
    )
