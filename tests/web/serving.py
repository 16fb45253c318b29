"""The real application behind a real socket, and real browsers in front of it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, sync_playwright


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


CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Debian's chromium. While it runs, Django takes the thread for an asynchronous one."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the loop is playwright's, not ours
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            try:
                yield browser
            finally:
                browser.close()
                # Beside playwright's loop Django keeps a connection of its own, which nobody would see afterwards:
                # the next browser would be given it, although another test had ended it meanwhile (57P01).
                if settings.configured:
                    connections.close_all()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before
