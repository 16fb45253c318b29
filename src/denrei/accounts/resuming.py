"""What somebody typed while he was not signed in any more: kept until he is again (SMS-13).

A form that comes too late is put into the session and offered again after the sign-in, by a page
with one button. It is never carried out by itself: a form that carries `RESUMED` is shown again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from denrei.accounts.devices import Device
from denrei.accounts.models import Operator
from denrei.accounts.rights import CONSOLE

#: What a browser calls the field of a form that comes a second time; its value is the page where
#: it was filled in.
RESUMED = "_resumed"
#: The header by which a page says that it asks by itself, while somebody may be typing in it: such
#: a request never leads away from the page, and does not count as work (`hx-headers`).
BACKGROUND = "X-Background"
#: The same in an address, for requests that can't carry a header: `EventSource`.
_IN_ADDRESS = "background"
#: Seconds for which it is kept.
AGE = 3600
#: Bytes of names and values.
LARGEST = 64 * 1024
_KEY = "typed"
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
#: Fields whose names hold one of these are never kept.
_SECRET = ("password", "secret", "csrfmiddlewaretoken", RESUMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form that was not carried out."""

    #: Where it was sent to, a path with its query.
    address: str
    #: Where it was filled in.
    page: str
    #: Names and values in their order.
    fields: tuple[tuple[str, str], ...]
    #: Files were chosen, which nobody keeps.
    files: bool
    #: Seconds since 1970.
    at: float
    #: The number of who signed in last on the device, as far as anybody knows; "" for nobody.
    by: str = ""

    @classmethod
    def of(cls, request: HttpRequest, at: float) -> Self:
        """Take what a request brings."""
        device = Device.of(request)
        return cls(
            address=request.get_full_path(),
            page=page_of(request),
            fields=tuple(_fields(request)),
            files=bool(request.FILES),
            at=at,
            by=device.latest if device else "",
        )

    def size(self) -> int:
        """Return how many bytes are to be kept."""
        return sum(len(f"{name}{value}".encode()) for name, value in self.fields)


def _fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if not any(word in name.lower() for word in _SECRET):
            yield from ((name, str(value)) for value in values)


def is_background(request: HttpRequest) -> bool:
    """Tell whether a page asks by itself, and nobody works with it."""
    return BACKGROUND in request.headers or _IN_ADDRESS in request.GET


def keep(request: HttpRequest, at: float | None = None) -> bool:
    """Keep what a form brings; False where it brings nothing that can be kept."""
    if request.method != "POST" or request.content_type not in _FORMS:
        return False
    typed = Typed.of(request, time.time() if at is None else at)
    if typed.size() > LARGEST:
        return False
    request.session[_KEY] = asdict(typed)
    return True


def kept(session: SessionBase, at: float | None = None) -> Typed | None:
    """Return what is kept; None where nothing is, or too long ago."""
    stored = session.get(_KEY)
    if stored is None:
        return None
    fields = tuple((name, value) for name, value in stored["fields"])
    typed = Typed(**{**stored, "fields": fields})
    return typed if (time.time() if at is None else at) - typed.at < AGE else None


def kept_for(session: SessionBase, operator: Operator) -> Typed | None:
    """Return what is kept for who signs in; what somebody else typed is kept no longer (ALL-5)."""
    typed = kept(session)
    if typed is not None and typed.by != str(operator.pk):
        forget(session)
        return None
    return typed


def forget(session: SessionBase) -> None:
    """Keep it no longer."""
    session.pop(_KEY, None)


def lead_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a browser to the sign-in and back; what it typed is kept where it is a known device.

    Only who has signed in here before can have lost a form; a stranger's is not stored. A page that
    asks by itself gets nothing (204) and stays: what is typed in it comes with the next button.
    """
    if is_background(request):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if Device.of(request) is not None and keep(request):
        request.session.set_expiry(AGE)
    query = urlencode({"next": page_of(request)})
    return go(request, f"{resolve_url(settings.LOGIN_URL)}?{query}")


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Send a browser elsewhere, also one that asked by htmx for a part of its page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def page_of(request: HttpRequest) -> str:
    """Return the page that the person looks at: this one, or the one with the form."""
    if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return request.get_full_path()
    shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    return ours(request, shown) or resolve_url(settings.LOGIN_REDIRECT_URL)


def ours(request: HttpRequest, address: str) -> str:
    """Return an address as a path with its query; "" where it is not one of our console's."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(address)
    return urlunsplit(("", "", parts.path, parts.query, "")) if _is_console(parts.path) else ""


def _is_console(path: str) -> bool:
    return path.startswith(CONSOLE)
