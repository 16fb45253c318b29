"""postfix's smtp-sink: accepts everything and keeps nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running(port: int) -> Iterator[None]:
    """Run it for the time of the context."""
    process = subprocess.Popen(
        [
            "smtp-sink",
            *(["-u", "nobody"] if os.geteuid() == 0 else []),
            f"127.0.0.1:{port}",
            "4096",
        ],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "MAIL_CONFIG": "/etc/postfix"},
    )
    try:
        wait_for_port(port)
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for_port(port: int) -> None:
    """Wait until somebody listens on a port of this machine."""
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.3).close()
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens on {port}"
            time.sleep(0.05)
        else:
            return
