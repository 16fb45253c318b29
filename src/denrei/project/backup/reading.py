"""Read the file: is it whole, and which key does it bring."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from denrei.project.backup import ABOUT, DUMP, KEY, LAYOUT, BackupError

#: Octets that the small members may have.
_MOST = 10_000


class Backup:
    """An open file that was found whole."""

    def __init__(self, bundle: zipfile.ZipFile) -> None:
        self._bundle = bundle
        about = json.loads(bundle.read(ABOUT))
        #: When it was made: ISO 8601, UTC.
        self.made_at = str(about["made_at"])
        self.key = bundle.read(KEY).decode("ascii")
        self._layout = int(about["layout"])
        #: How many rows it has, by the names of `counting.COUNTED`; {} in files of earlier versions.
        self.counts = {str(name): int(n) for name, n in about.get("counts", {}).items()}

    @property
    def is_known(self) -> bool:
        """Whether this version knows its layout."""
        return self._layout == LAYOUT

    def dump(self) -> IO[bytes]:
        """Open what `pg_restore` reads."""
        return self._bundle.open(DUMP)


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """Open a backup, every octet of it checked. BackupError."""
    try:
        with zipfile.ZipFile(path) as bundle:
            broken = bundle.testzip()
            if broken:
                raise BackupError(f"{path} は壊れています（{broken}）。別の控えを使ってください。")
            small = [bundle.getinfo(name).file_size for name in (ABOUT, KEY)]
            if max(small) > _MOST:
                raise ValueError
            found = Backup(bundle)
            if not found.is_known:
                raise BackupError(f"{path} は、この版より新しい denrei が書いたものです。")
            yield found
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise BackupError(
            f"{path} は denrei backup が書いたファイルではないか、壊れています。"
        ) from error
    except OSError as error:
        raise BackupError(f"{path} を読めません（{error.strerror}）。") from error
