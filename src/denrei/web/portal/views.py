"""The answer page by Django: GET shows and asks, POST answers; script and cookies are not needed (NEW-3).

The link that no human sees is next to it: what follows that is a program. A herd comes by `door`, past
Django; both ask the same desk.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.responses.models import Kind
from denrei.web.portal import asked, desk, refusals
from denrei.web.portal.desk import Round

_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_SERVED: dict[str, Round] = {"GET": desk.look, "HEAD": desk.look, "POST": desk.take}
_LOOKS = frozenset({"GET", "HEAD"})


class SeeOther(HttpResponseRedirect):
    """303, as a redirect that Django knows."""

    status_code = HTTPStatus.SEE_OTHER


# The token in the path is the capability, and no cookie says who asks: another site can't make a
# browser send anything that it could not send itself. So there is nothing for a CSRF token to guard.
@rights.needs(Right.OPEN)
@csrf_exempt
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """Serve `/r/<token>`."""
    serve = _SERVED.get(request.method or "")
    if serve is None:
        response = refusals.refuse(HTTPStatus.METHOD_NOT_ALLOWED)
        response.headers["Allow"] = ", ".join(_SERVED)
        return response
    if request.method == "POST" and request.content_type not in _FORM_TYPES:
        return refusals.refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return _answered(asked.of(request, token), serve)  # reads the body before any transaction


@rights.needs(Right.OPEN)
@csrf_exempt
def unseen(request: HttpRequest, token: str) -> HttpResponse:
    """Serve `/r/<token>/unseen`: not there for anybody, and noted where the token is one of ours."""
    if request.method in _LOOKS:
        return _answered(asked.of(request, token, Kind.CANARY), desk.look)
    return refusals.missing(request)


def _answered(one: asked.Asked, serve: Round) -> HttpResponse:
    served = serve([one], None)[0]
    assert served is not None  # the first one is always served
    if served.status is HTTPStatus.SEE_OTHER:
        return SeeOther(dict(served.headers)["Location"])
    return HttpResponse(served.body, status=served.status, headers=dict(served.headers))
