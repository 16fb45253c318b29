"""Keeps one postmaster alive for as long as its owner lives: what systemd does for a server of one's own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from denrei.project import embedded_server
from denrei.project.embedded_errors import EmbeddedError
from denrei.project.embedded_server import Record, Server

_log = logging.getLogger(__name__)

#: Seconds between looks at the server.
_LOOK_SECONDS = 0.1
#: Seconds before a start after one, two, … that failed in a row. A disk may be full for hours; where somebody gives
#: it room everything works again within 30 s, with the replay of the log.
_PAUSES = (1.0, 2.0, 5.0)


class Keeper:
    """Starts a server, starts it again whenever it has died, and stops it in the end.

    `serve` returns when a server answers in the folder of its sockets, and tells `take` of every
    process that it starts.
    """

    def __init__(
        self, serve: Callable[[Path, Callable[[Server], object]], object], sockets: Path
    ) -> None:
        self._serve = serve
        #: Where it listens: the address that others were told.
        self.sockets = sockets
        self._server: Server | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="embedded-keeper", daemon=True)

    def start(self, data: Path) -> Record:
        """Start the server and look after it from now on. Raises EmbeddedError, OSError."""
        self._serve(self.sockets, self._take)
        record = embedded_server.recorded(data)
        if record is None:
            raise EmbeddedError("組み込みの PostgreSQL が起動の途中で終了しました。")
        # One that was taken over may listen in another folder, and goes on doing so.
        self.sockets = Path(record.socket_dir)
        self._thread.start()
        return record

    def end(self) -> None:
        """Stop the server for good; one that is just being started again as well."""
        self._ending.set()
        while self._thread.is_alive():
            self._stop()
            self._thread.join(_LOOK_SECONDS)
        self._stop()

    def _take(self, server: Server) -> None:
        self._server = server

    def _stop(self) -> None:
        if self._server is not None:
            embedded_server.stop(self._server)

    def _keep(self) -> None:
        """Start again what has died, with growing pauses where that fails."""
        failures = 0
        while not self._ending.wait(_PAUSES[failures - 1] if failures else _LOOK_SECONDS):
            if self._server is not None and not self._server.ended():
                continue
            try:
                self._serve(self.sockets, self._take)
            except (EmbeddedError, OSError) as error:
                failures = min(failures + 1, len(_PAUSES))
                _log.error("database not restarted", extra={"why": str(error)})
            else:
                failures = 0
                _log.warning("database restarted")
