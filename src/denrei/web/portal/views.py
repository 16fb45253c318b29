"""The answer page: GET shows and asks, POST answers; script and cookies are not needed (NEW-3).

The link that no human sees is next to it: what follows that is a program.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from denrei.accounts import addresses, rights
from denrei.accounts.rights import Right
from denrei.responses import answering, looking, pages
from denrei.responses.answering import Fault, Reply
from denrei.responses.looking import Visit
from denrei.responses.models import Kind
from denrei.responses.pages import Given, Page, Person
from denrei.web.portal import forms, refusals
from denrei.web.portal.sheet import Sheet, sheet
from denrei.web.portal.words import LANGUAGES

_log = logging.getLogger(__name__)
_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
#: Headers by which a program says that no person looks yet: browsers, mail programs, old Firefox.
_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_AHEAD_WORDS = ("prefetch", "prerender", "preview")
_LOOKS = frozenset({"GET", "HEAD"})


class SeeOther(HttpResponseRedirect):
    """303: fetch that page by GET, so that a reload does not answer again (RFC 9110, 15.4.4)."""

    status_code = HTTPStatus.SEE_OTHER


# The token in the path is the capability, and no cookie says who asks: another site can't make a
# browser send anything that it could not send itself. So there is nothing for a CSRF token to guard.
@rights.needs(Right.OPEN)
@csrf_exempt
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """Serve `/r/<token>`."""
    serve = _SERVED.get(request.method or "")
    if serve is None:
        response = refusals.refuse(request, HTTPStatus.METHOD_NOT_ALLOWED)
        response.headers["Allow"] = ", ".join(_SERVED)
        return response
    return serve(request, token)


def _show(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page, or the thanks after an answer; a look is noted and confirms nothing."""
    page = _looked_at(token, _visit(request, _kind(request)))
    if page is None:
        return refusals.missing(request)
    done = request.GET.get("done")
    for person in page.people:
        if person.given and str(person.recipient_id) == done:
            return _thanks(request, page, person, person.given)
    return _question(request, page)


@rights.needs(Right.OPEN)
@csrf_exempt
def unseen(request: HttpRequest, token: str) -> HttpResponse:
    """Serve `/r/<token>/unseen`: not there for anybody, and noted where the token is one of ours."""
    if request.method in _LOOKS:
        _looked_at(token, _visit(request, Kind.CANARY))
    return refusals.missing(request)


def _looked_at(token: str, visit: Visit) -> Page | None:
    """Return the page of a token, and note the look; where only the note fails, the page is shown."""
    page = None
    try:
        with pages.opened(token) as page:
            if page is not None:
                looking.note(page, visit)
    except DatabaseError as error:
        if page is None:
            raise
        fault = type(error).__name__
        _log.warning("look not kept", extra={"delivery": page.delivery_id, "fault": fault})
    return page


def _visit(request: HttpRequest, kind: Kind) -> Visit:
    return Visit(
        kind=kind,
        user_agent=request.headers.get("User-Agent", ""),
        address=addresses.of(request),
    )


def _thanks(request: HttpRequest, page: Page, person: Person, given: Given) -> HttpResponse:
    shown = sheet(page, _language(request))
    return _page(request, "portal/thanks.html", shown, {"thanks": shown.thanks(person, given)})


def _kind(request: HttpRequest) -> Kind:
    said = [request.headers.get(name, "").lower() for name in _AHEAD]
    if any(value.startswith(_AHEAD_WORDS) for value in said):
        return Kind.PREFETCH
    return Kind.HEAD if request.method == "HEAD" else Kind.OPEN


def _take(request: HttpRequest, token: str) -> HttpResponse:
    """Take an answer; where it can't be taken, ask again and keep what was typed."""
    if request.content_type not in _FORM_TYPES:
        return refusals.refuse(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    posted = request.POST  # reads the body: no transaction waits for a slow phone
    with pages.opened(token) as page:
        if page is None:
            return refusals.missing(request)
        reply = forms.read(posted, page)
        faults = answering.faults(page, reply)
        if not faults:
            answering.answer(page, reply)
    _note_origin(request, page)
    if faults:
        return _question(request, page, reply, faults)
    return SeeOther(request.path + _query(done=reply.recipient_id, lang=_language(request)))


def _note_origin(request: HttpRequest, page: Page) -> None:
    """Tell the log of an answer sent by another site's page: odd, but the token was known there."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        _log.warning("answer from another site", extra={"delivery": page.delivery_id})


def _question(
    request: HttpRequest, page: Page, reply: Reply | None = None, faults: Sequence[Fault] = ()
) -> HttpResponse:
    shown = sheet(page, _language(request))
    context = {
        "forms": shown.forms(reply, faults),
        "complaints": shown.complaints(reply, faults),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return _page(request, "portal/question.html", shown, context, status)


def _page(
    request: HttpRequest,
    template: str,
    shown: Sheet,
    context: Mapping[str, object],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    others = [(code, said.own_name) for code, said in LANGUAGES.items() if code != shown.language]
    done = request.GET.get("done", "")
    frame = {
        "sheet": shown,
        "words": shown.words,
        "switches": [(code, name, _query(done=done, lang=code)) for code, name in others],
        "here": request.path + _query(lang=_language(request)),
        "unseen": f"{request.path}/unseen",
    }
    response = render(request, template, {**frame, **context}, status=status)
    response.headers["Content-Language"] = shown.language
    return response


def _language(request: HttpRequest) -> str:
    """Return the language that the address asks for, "" for none."""
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else ""


def _query(**fields: object) -> str:
    """Return the query of an address, without what is empty."""
    said = {name: value for name, value in fields.items() if value}
    return f"?{urlencode(said)}" if said else ""


_SERVED: Mapping[str, Callable[[HttpRequest, str], HttpResponse]] = {
    "GET": _show,
    "HEAD": _show,
    "POST": _take,
}
