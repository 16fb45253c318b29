"""A mail server that says what a test wrote down, in a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

#: Longer than anything here takes.
PATIENCE = 10.0


@contextmanager
def saying(*replies: str) -> Iterator[int]:
    """Give the port of a server: a greeting, then one reply to each line; "" says nothing.

    After the last reply it hangs up; it serves one connection.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        thread = threading.Thread(target=_serve, args=(server, replies))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def _serve(server: socket.socket, replies: Sequence[str]) -> None:
    connection, _ = server.accept()
    connection.settimeout(PATIENCE)
    with connection, connection.makefile("rb") as lines:
        for number, reply in enumerate(replies):
            if number and not lines.readline():
                return
            if reply:
                connection.sendall(f"{reply}\r\n".encode())
        # What is said now has no answer; the client ends the connection, or this does.
        lines.readline() if replies and not replies[-1] else None
