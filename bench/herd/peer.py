"""The peer: the same page and the same durable answer in a plain synchronous Django view, for gunicorn.

As a good Django engineer writes it, and with our own statements, one request in one transaction. No
middleware at all, connections kept open, drawing by Django's templates. `LEAN`: without drawing by templates,
which is not what a Django view does, but what is left to compare when the database's part alone should count.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.herd.peer_settings")

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path

application = get_wsgi_application()

from denrei.responses import answering, looking, pages  # noqa: E402
from denrei.web.portal import asked, drawing, forms  # noqa: E402
from denrei.web.portal.sheet import sheet  # noqa: E402

LEAN = bool(os.environ.get("BENCH_LEAN"))


def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """Serve a page, or take an answer."""
    one = asked.of(request, token)
    with pages.opened(token) as page:
        assert page is not None
        if request.method == "POST":
            reply = forms.read(request.POST, page)
            answering.answer(page, reply)
        else:
            looking.note(page, one.visit)
    if request.method == "POST":
        there = HttpResponseRedirect(f"{request.path}?done={reply.recipient_id}")
        there.status_code = 303
        there.headers["Content-Length"] = "0"
        return there
    body = drawing.question(page, one)[0] if LEAN else _drawn(page, one)
    response = HttpResponse(body)
    response.headers["Content-Length"] = str(len(response.content))
    return response


def _drawn(page: pages.Page, one: asked.Asked) -> str:
    shown = sheet(page, one.language)
    context = {
        "sheet": shown,
        "words": shown.words,
        "here": one.here,
        "unseen": f"{one.path}/unseen",
        "forms": shown.forms(),
    }
    return render_to_string("portal/question.html", context)


urlpatterns = [path("r/<token>", answer_page)]
