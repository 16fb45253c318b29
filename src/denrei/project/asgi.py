"""The ASGI application that `denrei serve` runs: answer pages by their own door, all else by Django."""

from __future__ import annotations

import gc
import os
import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.urls import get_resolver

from denrei.project.bridge import Bridge
from denrei.project.wsgi import application as pages
from denrei.web.console.board.watching import MOST
from denrei.web.portal.door import Door
from denrei.web.strict import StrictHeaders

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denrei.project.settings")
#: Seconds after which a thread that computes lets another go on: a lane that was answered by the database a
#: dozen times for each group would else wait five milliseconds each time (sys.setswitchinterval).
_TURN = 0.001
#: Threads that answer requests of Django's; each may hold a database connection.
THREADS = 8


def strict() -> list[tuple[str, str]]:
    """Return the headers that Django's middleware gives to every page outside of the console."""
    bare = HttpResponse()
    given = set(bare.headers)
    SecurityMiddleware(StrictHeaders(lambda _: bare))(HttpRequest())
    return [(name, value) for name, value in bare.items() if name not in given]


def settle() -> None:
    """Let what is loaded once for all live on unexamined, and threads take turns quickly.

    To go through all of it takes the garbage collector 100 to 200 ms, in which nobody is served (gc.freeze).
    """
    get_resolver().url_patterns  # noqa: B018 - else the first request loads the views
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_TURN)


application = Door(
    # a stream holds a thread all its life, and no connection (ADR 0014)
    elsewhere=Bridge(pages, threads=THREADS + MOST),
    strict=strict(),
    most=settings.WAITING_ANSWERS,
)
settle()
