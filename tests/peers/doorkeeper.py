"""Who lets a relay take mail after a sign-in at dovecot: a policy server of postfix, as drac was.

It follows dovecot's log. An address that signed in by POP3 may send for so many seconds; for any other
it says nothing, and postfix's own rules refuse (SMTPD_POLICY_README).
"""

from __future__ import annotations

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOGIN = re.compile(r"pop3-login: Info: Login: .*\brip=([^,]+)")


class Doorkeeper:
    """Remembers who signed in."""

    def __init__(self, log: Path, seconds: float) -> None:
        self._log = log
        self._seconds = seconds
        self._lock = threading.Lock()
        self._read = 0
        self._until: dict[str, float] = {}
        self.port = 0
        #: Sign-ins, and recipients that were let through and not.
        self.logins = self.let_in = self.turned_away = 0
        #: After so many recipients everybody is forgotten, once.
        self.forgets_after: int | None = None

    @property
    def lines(self) -> list[str]:
        """Return what main.cf needs."""
        policy = f"check_policy_service inet:127.0.0.1:{self.port}"
        return [
            "mynetworks = 192.0.2.0/24",
            f"smtpd_relay_restrictions = {policy}, reject_unauth_destination",
            "smtpd_client_connection_count_limit = 0",
        ]

    def follow(self, log: Path) -> None:
        """Read another log: dovecot was started anew."""
        with self._lock:
            self._log, self._read = log, 0

    def answer(self, address: str) -> str:
        """Return what postfix is to do with a recipient of this client."""
        with self._lock:
            self._look()
            if time.monotonic() >= self._until.get(address, 0.0):
                self.turned_away += 1
                return "DUNNO"
            self.let_in += 1
            if self.let_in == self.forgets_after:
                self._until.clear()
            return "OK"

    def look(self) -> None:
        """Read what is new in the log."""
        with self._lock:
            self._look()

    def _look(self) -> None:
        if not self._log.exists():
            return
        with self._log.open("rb") as file:
            file.seek(self._read)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read += len(whole)
        for found in _LOGIN.finditer(whole.decode("utf-8", "replace")):
            self.logins += 1
            self._until[found[1]] = time.monotonic() + self._seconds


@contextmanager
def doorkeeper(log: Path, seconds: float) -> Iterator[Doorkeeper]:
    """Run one; for it `seconds` begin when it reads of a sign-in."""
    keeper = Doorkeeper(log, seconds)

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked: dict[str, str] = {}
            for raw in self.rfile:
                name, equals, value = raw.decode().rstrip("\n").partition("=")
                if equals:
                    asked[name] = value
                    continue
                action = keeper.answer(asked.get("client_address", ""))
                self.wfile.write(f"action={action}\n\n".encode())
                asked = {}

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        keeper.port = server.server_address[1]
        stop = threading.Event()
        threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,)),
            threading.Thread(target=_watch, args=(keeper, stop)),
        ]
        for thread in threads:
            thread.start()
        try:
            yield keeper
        finally:
            stop.set()
            server.shutdown()
            for thread in threads:
                thread.join(10)


def _watch(keeper: Doorkeeper, stop: threading.Event) -> None:
    while not stop.wait(0.02):
        keeper.look()
