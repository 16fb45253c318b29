"""What the page says to the processes of the demo: small files of JSON that they follow."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Control:
    """One such file; {} until somebody writes it. Read as often as wanted: it is small."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None
        self._said: Mapping[str, Any] = {}

    def read(self) -> Mapping[str, Any]:
        """Return what it says now; an unchanged file is not opened again."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return {}
        if (found.st_mtime_ns, found.st_ino) != self._known:
            self._said = json.loads(self._path.read_text(encoding="utf-8"))
            self._known = (found.st_mtime_ns, found.st_ino)
        return self._said

    def write(self, said: Mapping[str, Any]) -> None:
        """Replace it as a whole: who reads sees the old or the new, never a part."""
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(dict(said), file)
        Path(name).replace(self._path)
