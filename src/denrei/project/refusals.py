"""Pages for what can't be served: below the console its own, elsewhere those of recipients."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from denrei.accounts.rights import CONSOLE
from denrei.project.failure import is_full, stems_from
from denrei.web.console import refusals as console
from denrei.web.console.door import forgery
from denrei.web.portal import refusals as portal

#: What says that the database is away, or that it could not go on with what it was asked.
_AWAY = (OperationalError, InterfaceError)


def _refuse(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if request.path_info.startswith(CONSOLE):
        return console.refuse(request, status)
    return portal.refuse(status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer as Django's handler400."""
    del exception  # Django's signature; what was wrong is in the log
    return _refuse(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer as Django's handler403."""
    del exception
    return _refuse(request, HTTPStatus.FORBIDDEN)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer as Django's handler404."""
    del exception
    return _refuse(request, HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer as Django's handler500, which is called while the error is handled.

    While the database is away, or its disk is full, it is 503: that passes (RFC 9110, 15.6.4), and what
    was typed on a page of the console is kept.
    """
    error = sys.exception()
    if not any(stems_from(error, kind) for kind in _AWAY):
        return _refuse(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    if request.path_info.startswith(CONSOLE):
        return console.unavailable(request, is_full=is_full(error))
    response = portal.refuse(HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(portal.RETRY_AFTER)
    return response


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer as Django's CSRF_FAILURE_VIEW."""
    if request.path_info.startswith(CONSOLE):
        return forgery.refuse(request, reason)
    return portal.refuse(HTTPStatus.FORBIDDEN)
