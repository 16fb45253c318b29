"""Fixtures of the portal's tests: the real application behind a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections


class Handler(WSGIRequestHandler):
    """One request in a thread of its own; a browser may open connections that it never uses."""

    timeout = 5

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Stay quiet."""

    def finish(self) -> None:
        """Close the connection to the database that this thread opened."""
        super().finish()
        connections.close_all()


class Server(ThreadingMixIn, WSGIServer):
    """The application on a free port; its end waits for the threads."""

    daemon_threads = False
    block_on_close = True


@pytest.fixture
def address(committed: None) -> Iterator[str]:
    """Serve until the test ends; return the address without a path."""
    server = Server(("127.0.0.1", 0), Handler)
    server.set_app(_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _application() -> Any:
    return get_wsgi_application()
